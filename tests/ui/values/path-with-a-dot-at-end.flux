# F0214: an output that Windows would call otherwise
cluster prod-eu on eks {
  output = "clusters/prod-eu."
}
