# F0203: an ARN that ends too early
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam"
}
