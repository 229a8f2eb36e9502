# F0212: a namespace that ends with a hyphen
cluster prod-eu on eks {
  namespace = "flux-system-"
}
