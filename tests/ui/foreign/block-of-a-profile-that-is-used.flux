# F0017: a block behind `use`
profile base {
  source-controller -> aws "arn:aws:iam::${account}:role/flux-registry"
}

cluster prod-eu on eks {
  account = "111122223333"
  use base {
    region = "eu-west-1"
  }
}
