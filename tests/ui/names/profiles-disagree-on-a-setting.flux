# F0114: two profiles with two accounts, and a cluster that uses both

profile europe {
  account = "111122223333"
}

profile payments {
  account = "444455556666"
}

cluster prod-eu on eks {
  use europe, payments
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}
