# F0110: two profiles of one name

profile base {
  account = "111122223333"
}

profile base {
  region = "eu-west-1"
}

cluster prod-eu on eks { use base }
