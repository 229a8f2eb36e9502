# F0323, F0323, F0323, F0323: more than can be read safely

cluster prod-eu on eks {
  resource "deep"
  resource "repeated"
  component "directed"
  resource "./deep.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
