# F0012: controllers in a block of their own
cluster prod-eu on eks {
  mappings {
    source-controller -> none
  }
}
