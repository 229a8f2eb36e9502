# F0321, F0321: links that lead out of the overlay, and out of the directory of the source

cluster prod-eu on eks {
  resource "./extras.yaml"
  patch "infra/out.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
