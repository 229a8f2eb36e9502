# F0323: a file that does not stand in the overlay

cluster prod-eu on eks {
  resource "infra/extras.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
