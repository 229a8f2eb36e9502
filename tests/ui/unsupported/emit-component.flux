# F0901: an overlay in human hands
cluster prod-eu on eks {
  emit = component
}
