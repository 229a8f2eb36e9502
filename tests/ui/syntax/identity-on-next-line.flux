# F0001, F0001: identities on lines of their own
cluster prod-eu on eks {
  role registry =
    aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller ->
    aws "arn:aws:iam::111122223333:role/flux-registry"
}
