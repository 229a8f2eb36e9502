# F0311: what the resource installs lacks the controller

cluster prod-eu on eks {
  install = none
  resource "infra/flux"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
