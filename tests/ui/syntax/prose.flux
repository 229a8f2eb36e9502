# F0013: a sentence that misses its comment sign
cluster prod-eu on eks {
  this cluster is the production of Europe
  account = "111122223333"
}
