# F0017, F0017, F0017, F0017: maps, and what looks a value up in them
let accounts = { prod = "111122223333", dev = "444455556666" }
let regions = {
  prod = "eu-west-1"
}

profile base {
  account = accounts[env]
  source-controller -> aws "arn:aws:iam::${accounts[env]}:role/${region}-flux-registry"
}

cluster prod-eu on eks {
  use base
}
