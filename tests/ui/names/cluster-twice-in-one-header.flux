# F0110: a cluster that stands twice in one header

cluster prod-eu, prod-us, prod-eu on eks {
  account = "111122223333"
}
