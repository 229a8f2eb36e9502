# F0112: three profiles that use each other

profile a {
  use b
}

profile b {
  use c
}

profile c {
  use a
}

cluster prod-eu on eks { use b }
