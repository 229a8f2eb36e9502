# F0301: the ARN of a role on AKS, put together
cluster prod-weu on aks {
  account = "111122223333"
  tenant = webhook
  source-controller -> azure "arn:aws:iam::${account}:role/flux"
}
