# F0110: a controller that is mapped twice in one block
cluster prod-eu on eks {
  role registry   = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller                             -> registry
  image-reflector-controller, source-controller -> registry
}
