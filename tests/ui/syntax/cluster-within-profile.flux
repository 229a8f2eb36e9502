# F0012: a cluster within a profile

profile base {
  account = "111122223333"
  cluster prod-eu on eks {
    region = "eu-west-1"
  }
}
