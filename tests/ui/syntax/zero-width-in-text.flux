# F0011: an invisible character within an ARN
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux​-registry"
}
