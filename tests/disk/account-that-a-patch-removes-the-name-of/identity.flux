# F0352: the pods run as the ServiceAccount default

cluster prod-eu on eks {
  patch "account.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
