# F0009: a mapping written as YAML would have it
cluster prod-eu on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller: registry
}
