# F0368, F0368: one letter too few in a flag, and in a gate
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
