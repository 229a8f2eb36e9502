# F0104: the name of a cluster as a setting
cluster prod-eu on eks {
  name = "prod-eu"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
