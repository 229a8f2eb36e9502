# F0005: text that is not closed on its line
cluster prod-eu on eks {
  account = "111122223333
  region  = "eu-west-1"
}
