# F0007: options that end with a comma
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { audience = "sts.amazonaws.com", }
}
