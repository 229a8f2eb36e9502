# F0002: something behind the brace that closes a block
cluster prod-eu on eks {
  account = "111122223333"
} prod-us
