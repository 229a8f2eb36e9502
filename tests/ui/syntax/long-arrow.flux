# F0009: a mapping with an arrow that is too long
cluster prod-eu on eks {
  source-controller --> aws "arn:aws:iam::111122223333:role/flux"
}
