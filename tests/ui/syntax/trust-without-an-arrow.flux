# F0001: a `trust` statement without its arrow
cluster prod-eu on eks {
  trust source-controller aws "arn:aws:iam::111122223333:role/flux-registry"
}
