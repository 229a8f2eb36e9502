# F0115, F0115: settings of the whole fleet stand in the root source
profile base {
  trust-output = "trust"
}

cluster prod-eu on eks {
  use base
  trust-form = json
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
