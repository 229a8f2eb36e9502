# F0203: an ARN without its account
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam:::role/flux"
}
