# F0111: a role with the name of nothing
cluster prod-eu on eks {
  role none = aws "arn:aws:iam::111122223333:role/flux"
}
