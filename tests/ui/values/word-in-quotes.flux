# F0201: a word in quotes
cluster prod-eu on eks {
  restart = "by-hand"
}
