# F0001: options of which one misses its equals sign
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" {
    audience "sts.amazonaws.com"
  }
  account = "111122223333"
}
