# F0001: a setting without its equals sign
cluster prod-eu on eks {
  account "111122223333"
}
