# F0316, F0410: what the resource installs tells nothing

cluster prod-eu on eks {
  install = none
  resource "infra/extras"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
