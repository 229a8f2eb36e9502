# F0355, F0410: a Secret of the cluster may hold an access key

cluster prod-eu on eks {
  patch "proxy.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
