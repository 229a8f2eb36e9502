# F0101: a controller by the short form of its name
cluster prod-eu on eks {
  source -> aws "arn:aws:iam::111122223333:role/flux"
}
