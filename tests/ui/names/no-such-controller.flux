# F0101: a controller that does not exist
cluster prod-eu on eks {
  cert-manager -> aws "arn:aws:iam::111122223333:role/flux"
}
