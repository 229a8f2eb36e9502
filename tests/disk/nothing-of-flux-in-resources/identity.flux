# F0311: what the resources hold is known, and Flux is not among it

cluster prod-eu on eks {
  install = none
  resource "infra"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
