# F0212: a namespace with an underscore
cluster prod-eu on eks {
  namespace = "flux_system"
}
