# F0203: an account that lost its leading zero
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::11122223333:role/flux"
}
