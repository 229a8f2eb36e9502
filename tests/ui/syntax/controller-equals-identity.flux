# F0009: a controller with an equals sign and an identity
cluster prod-eu on eks {
  source-controller = aws "arn:aws:iam::111122223333:role/flux"
}
