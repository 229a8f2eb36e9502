# F0001: a setting with two equals signs
cluster prod-eu on eks {
  account == "111122223333"
}
