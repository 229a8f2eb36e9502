# F0110: a setting that stands twice in one block
cluster prod-eu on eks {
  account = "111122223333"
  account = "444455556666"
}
