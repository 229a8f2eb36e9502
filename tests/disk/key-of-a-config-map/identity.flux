# F0351: an access key in a ConfigMap of the overlay comes before the role

cluster prod-eu on eks {
  patch "keys.yaml" { kind = "Deployment", name = "source-controller" }
  resource "keys"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
