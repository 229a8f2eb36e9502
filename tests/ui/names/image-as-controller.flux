# F0101: the image of a controller for its name

cluster prod-eu on eks {
  ghcr.io/fluxcd/source-controller:v1.7.0 -> aws "arn:aws:iam::111122223333:role/flux"
}
