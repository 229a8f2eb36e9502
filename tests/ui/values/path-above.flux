# F0214: an output above the source, written out
cluster prod-eu on eks {
  output = "../clusters/prod-eu"
}
