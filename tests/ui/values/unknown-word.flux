# F0202: a word that is not in the list
cluster prod-eu on eks {
  restart = on-chang
}
