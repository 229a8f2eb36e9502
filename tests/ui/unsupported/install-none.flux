# F0901: an overlay of a Flux that was not bootstrapped
cluster prod-eu on eks {
  install = none
}
