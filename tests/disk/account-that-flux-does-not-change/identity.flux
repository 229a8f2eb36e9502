# F0354: Flux creates the ServiceAccount, and does not change it

cluster prod-eu on eks {
  patch "once.yaml" { kind = "ServiceAccount", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
