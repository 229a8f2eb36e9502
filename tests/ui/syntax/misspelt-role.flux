# F0013: a keyword with a letter too few; the role is understood
cluster prod-eu on eks {
  rol registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> registry
}
