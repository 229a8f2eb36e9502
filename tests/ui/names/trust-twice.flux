# F0110: a controller with two `trust` statements in one block, and a mapping, which is no third
cluster prod-eu on eks {
  role registry   = aws "arn:aws:iam::111122223333:role/flux-registry"
  role next       = aws "arn:aws:iam::111122223333:role/flux-next"
  source-controller                                   -> registry
  trust source-controller                             -> next
  trust image-reflector-controller, source-controller -> next
}
