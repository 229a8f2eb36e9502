# F0005: text that is not closed before a comment
cluster prod-eu on eks {
  account = "111122223333 # production
}
