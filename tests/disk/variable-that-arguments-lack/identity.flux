# F0397: an operation takes the variable away that arguments refer to

cluster prod-eu on eks {
  patch "proxy.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
