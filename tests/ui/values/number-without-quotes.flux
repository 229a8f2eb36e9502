# F0201: an account without quotes
cluster prod-eu on eks {
  account = 111122223333
}
