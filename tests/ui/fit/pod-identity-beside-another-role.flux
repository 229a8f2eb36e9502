# F0302: a role by Pod Identity, and one by an annotation

cluster prod-eu on eks {
  role pull    = aws "arn:aws:iam::111122223333:role/flux-registry" { via = pod-identity }
  role decrypt = aws "arn:aws:iam::111122223333:role/flux-kms"
  source-controller -> pull, decrypt
}
