# Three mistakes. Each finding says what to write instead; some can be applied.

profile base {
  source-controler, image-reflector-controller -> registry
  kustomize-controller                         -> decryption
}

cluster dev on eks {
  use base
  account = "111122223333"
  role registry   = aws "arn:aws:iam::${acount}:role/flux-registry"
  role decryption = aws "arn:aws:iam::11112222333:role/flux-kms"
}
