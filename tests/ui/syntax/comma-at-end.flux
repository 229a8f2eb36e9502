# F0007: a comma behind the last controller of a use
cluster prod-eu on eks {
  use base,
}

profile base {
  account = "111122223333"
}
