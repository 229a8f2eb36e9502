# F0114: a profile that maps a controller, and one that takes its mapping away

profile europe {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-europe"
}

profile frugal {
  source-controller -> none
}

cluster prod-eu on eks {
  use europe, frugal
}
