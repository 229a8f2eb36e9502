# F0011: a blank that is not one
cluster prod-eu on eks {
  account = "111122223333"
}
