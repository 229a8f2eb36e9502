# F0006: text in German quotes
cluster prod-eu on eks {
  account = „111122223333“
}
