# F0201: a template without quotes
cluster prod-eu on eks {
  output = clusters/${cluster}
}
