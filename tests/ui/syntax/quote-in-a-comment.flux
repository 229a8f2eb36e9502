# F0011: an invisible character behind a quote in a comment
cluster prod-eu on eks {
  account = "111122223333" # the "old one
  region = "eu-west-1" # ​
}
