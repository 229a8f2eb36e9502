# F0111: a role with the name of a provider
cluster prod-eu on eks {
  role aws = aws "arn:aws:iam::111122223333:role/flux"
}
