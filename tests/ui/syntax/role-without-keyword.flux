# F0001: a role that misses its keyword; it is understood
cluster prod-eu on eks {
  registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> registry
}
