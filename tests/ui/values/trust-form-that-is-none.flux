# F0202: a form of trust that does not exist
trust-form = helm

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
