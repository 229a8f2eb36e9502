# F0006: text in quotes of a text processor
cluster prod-eu on eks {
  account = “111122223333”
}
