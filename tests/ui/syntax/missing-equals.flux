# F0001: a role without its equals sign; that it exists is understood
cluster prod-eu on eks {
  role registry aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> registry
}
