# F0110: a role that stands twice in one block
cluster prod-eu on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  role registry = aws "arn:aws:iam::111122223333:role/flux-ecr"
}
