# F0214: an output with a blank
cluster prod-eu on eks {
  output = "clusters/prod eu"
}
