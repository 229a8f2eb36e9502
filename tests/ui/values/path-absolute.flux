# F0214: an output at the root of the file system
cluster prod-eu on eks {
  output = "/clusters/prod-eu"
}
