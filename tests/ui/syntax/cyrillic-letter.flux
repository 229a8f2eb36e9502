# F0011: a letter of another alphabet that looks like one of ours
cluster prod-eu on eks {
  role rеgistry = aws "arn:aws:iam::111122223333:role/flux-registry"
}
