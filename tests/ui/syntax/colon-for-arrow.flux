# F0009: a mapping with a colon
cluster prod-eu on eks {
  source-controller, helm-controller: aws "arn:aws:iam::111122223333:role/flux"
}
