# F0011: a control character in a comment
cluster prod-eu on eks {
  account = "111122223333" # [31mred
}
