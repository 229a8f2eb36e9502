# F0001: an arrow, and nothing before it
cluster prod-eu on eks {
  -> aws "arn:aws:iam::111122223333:role/flux"
}
