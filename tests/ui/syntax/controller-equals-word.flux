# F0009: a controller with an equals sign and the name of a role
cluster prod-eu on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller = registry
}
