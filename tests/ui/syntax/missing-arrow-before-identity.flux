# F0001: a mapping to an identity that is written out, without its arrow
cluster prod-eu on eks {
  source-controller aws "arn:aws:iam::111122223333:role/flux-registry"
}
