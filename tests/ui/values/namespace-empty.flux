# F0212: a namespace without a name
cluster prod-eu on eks {
  namespace = ""
}
