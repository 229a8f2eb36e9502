# F0116: nothing and something at once
cluster prod-eu on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> registry, none
}
