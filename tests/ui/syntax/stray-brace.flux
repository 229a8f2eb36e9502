# F0004: a brace that closes nothing

cluster prod-eu on eks {
  account = "111122223333"
}
}
