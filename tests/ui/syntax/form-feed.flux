# F0011: a control character that counts as a blank elsewhere



cluster prod-eu on eks {
  account = "111122223333"
}
