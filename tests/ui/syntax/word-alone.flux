# F0013: a word alone on its line
cluster prod-eu on eks {
  account
}
