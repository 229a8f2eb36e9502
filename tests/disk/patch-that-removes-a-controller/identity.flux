# F0326: the Deployment goes, and its ServiceAccount has an identity

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  patch "without-source.yaml" { kind = "Deployment", name = "source-controller" }
}
