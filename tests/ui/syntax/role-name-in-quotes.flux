# F0001: the name of a role in quotes
cluster prod-eu on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> "registry"
}
