# F0001: a cluster without its block

cluster prod-eu on eks

cluster prod-us on eks {
  account = "111122223333"
}
