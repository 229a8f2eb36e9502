# F0001: a role without its identity; that it exists is understood
cluster prod-eu on eks {
  role registry =
  source-controller -> registry
}
