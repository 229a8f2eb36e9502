# F0001: the value of a setting on a line of its own
cluster prod-eu on eks {
  account =
    "111122223333"
}
