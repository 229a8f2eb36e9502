# F0373: a hardened ServiceAccount
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
