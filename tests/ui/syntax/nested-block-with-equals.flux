# F0017: a setting with a block
cluster prod-eu on eks {
  tags = {
    team = "platform"
  }
  account = "111122223333"
}
