# F0001: the name of a profile in quotes; that it exists is understood

profile "base" {
  account = "111122223333"
}

cluster prod-eu on eks { use base }
