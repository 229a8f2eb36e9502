# F0104: a setting with a misspelt name
cluster prod-eu on eks {
  accuont = "111122223333"
}
