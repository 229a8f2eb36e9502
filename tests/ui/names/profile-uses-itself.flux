# F0112: a profile that uses itself

profile base {
  use base
}

cluster prod-eu on eks {
  use base
  source-controller -> registry
}
