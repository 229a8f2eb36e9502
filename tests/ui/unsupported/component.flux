# F0901: one more component
cluster prod-eu on eks {
  component "../sops"
}
