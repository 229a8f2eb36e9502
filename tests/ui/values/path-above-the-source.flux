# F0214: an output above the source
cluster prod-eu on eks {
  output = "../clusters/${cluster}"
}
