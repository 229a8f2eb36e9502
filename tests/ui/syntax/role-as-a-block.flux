# F0017: a role with a block instead of an identity
cluster prod-eu on eks {
  role registry {
    arn = "arn:aws:iam::111122223333:role/flux"
  }
  source-controller -> registry
}
