# F0214: an output that is nowhere
cluster prod-eu on eks {
  output = ""
}
