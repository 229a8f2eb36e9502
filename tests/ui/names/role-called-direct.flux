# F0111: a role with a name that stands behind a provider
cluster prod-eu on eks {
  role direct = aws "arn:aws:iam::111122223333:role/flux"
}
