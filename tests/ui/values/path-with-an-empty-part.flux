# F0214: an output with two slashes
cluster prod-eu on eks {
  output = "clusters//prod-eu"
}
