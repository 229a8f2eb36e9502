# F0102: a role with a misspelt name
cluster prod-eu on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> registy
}
