# F0001: a controller alone on its line
cluster prod-eu on eks {
  source-controller
}
