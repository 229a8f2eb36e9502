# F0012: a block within a cluster
cluster prod-eu on eks {
  source-controller {
    role = "arn:aws:iam::111122223333:role/flux"
  }
  account = "111122223333"
}
