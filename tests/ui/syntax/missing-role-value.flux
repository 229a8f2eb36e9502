# F0001: a provider without what names the identity there
cluster prod-eu on eks {
  role registry = aws
  source-controller -> registry
}
