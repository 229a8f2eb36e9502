# F0901: a warning that is to be silent
cluster prod-eu on eks {
  allow F0501 "they share a registry on purpose"
}
