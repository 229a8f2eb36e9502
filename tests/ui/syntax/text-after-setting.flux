# F0002: two settings on one line
cluster prod-eu on eks {
  account = "111122223333" region = "eu-west-1"
}
