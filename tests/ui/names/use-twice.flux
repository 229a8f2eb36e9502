# F0110: a profile that one block uses twice

profile base {
  account = "111122223333"
}

cluster prod-eu on eks {
  use base
  use base
}
