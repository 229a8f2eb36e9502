# F0358: a region that AWS does not have
cluster prod-eu on eks {
  region = "eu-west-4"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
