# F0302: two IAM roles on each of two controllers, from a profile

profile base {
  source-controller, helm-controller -> registry, decryption
}

cluster prod-eu on eks {
  use base
  role registry   = aws "arn:aws:iam::111122223333:role/flux-registry"
  role decryption = aws "arn:aws:iam::111122223333:role/flux-kms"
}
