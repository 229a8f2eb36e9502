# F0203: an ARN that ends with its path
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/team/"
}
