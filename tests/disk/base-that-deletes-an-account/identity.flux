# F0312: the base deletes the ServiceAccount

cluster prod-eu on eks {
  install = none
  resource "flux"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
