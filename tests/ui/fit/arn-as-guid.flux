# F0301: the ARN of a role on AKS
cluster prod-weu on aks {
  tenant = webhook
  source-controller -> azure "arn:aws:iam::111122223333:role/flux"
}
