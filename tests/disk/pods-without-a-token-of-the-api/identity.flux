# F0373: hardened pods; what the pods say counts
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  patch "harden.yaml"
}
