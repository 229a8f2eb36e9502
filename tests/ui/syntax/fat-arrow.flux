# F0009: a mapping with the arrow of other languages
cluster prod-eu on eks {
  source-controller => aws "arn:aws:iam::111122223333:role/flux"
}
