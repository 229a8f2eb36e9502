# F0009: a setting with an arrow
cluster prod-eu on eks {
  account -> registry
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
}
