# F0009: a mapping of two controllers with an equals sign
cluster prod-eu on eks {
  source-controller, helm-controller = aws "arn:aws:iam::111122223333:role/flux"
}
