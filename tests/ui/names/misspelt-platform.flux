# F0106: a platform with a misspelt name

cluster prod-eu on ekss {
  account = "111122223333"
}
