# F0115: an `on` block in a cluster
cluster prod-eu on eks {
  on eks { role registry = aws "arn:aws:iam::111122223333:role/flux" }
  source-controller -> registry
}
