# F0202: text where a word belongs
cluster prod-eu on eks {
  azure-cloud = "germany"
}
