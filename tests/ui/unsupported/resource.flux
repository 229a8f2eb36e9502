# F0901: one more resource
cluster prod-eu on eks {
  resource "extra"
}
