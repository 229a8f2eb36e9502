# F0316, F0410: a base has what is not followed

cluster prod-eu on eks {
  install = none
  resource "base"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
