# F0002: two roles without a comma between them
cluster prod-eu on eks {
  role registry   = aws "arn:aws:iam::111122223333:role/flux-registry"
  role decryption = aws "arn:aws:iam::111122223333:role/flux-kms"
  source-controller -> registry decryption
}
