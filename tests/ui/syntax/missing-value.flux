# F0001: a setting without its value
cluster prod-eu on eks {
  account =
}
