# F0206: an account that lost its leading zero
cluster prod-eu on eks {
  account = "11122223333"
}
