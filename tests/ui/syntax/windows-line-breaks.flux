# F0001: a source with line breaks of Windows
cluster prod-eu on eks {
  account =
}
