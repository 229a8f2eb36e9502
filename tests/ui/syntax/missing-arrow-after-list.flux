# F0001: a mapping of two controllers without its arrow
cluster prod-eu on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller, helm-controller registry
}
