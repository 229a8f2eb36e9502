# F0001: two controllers with a blank between them
cluster prod-eu on eks {
  source-controller helm-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
