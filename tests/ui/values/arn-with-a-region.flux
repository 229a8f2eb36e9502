# F0203: an ARN with a region
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam:eu-west-1:111122223333:role/flux"
}
