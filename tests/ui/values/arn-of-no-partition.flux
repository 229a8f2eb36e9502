# F0203: a partition with a letter too many
cluster prod-eu on eks {
  source-controller -> aws "arn:awss:iam::111122223333:role/flux"
}
