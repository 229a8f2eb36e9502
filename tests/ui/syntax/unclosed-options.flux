# F0001: options that are not closed
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { audience = "sts.amazonaws.com"
  helm-controller   -> aws "arn:aws:iam::111122223333:role/flux"
}
