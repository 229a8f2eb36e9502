# F0001: an arrow, and nothing behind it
cluster prod-eu on eks {
  source-controller ->
}
