# F0001, F0110: a definition that cannot be read counts as one
cluster prod-eu on eks {
  role registry aws "arn:aws:iam::111122223333:role/flux-registry"
  role registry = aws "arn:aws:iam::111122223333:role/flux-ecr"
}
