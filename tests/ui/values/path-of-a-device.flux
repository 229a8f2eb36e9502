# F0214: an output that Windows cannot have
cluster prod-eu on eks {
  output = "clusters/aux"
}
