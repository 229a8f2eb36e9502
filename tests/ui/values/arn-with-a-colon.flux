# F0203: a name with a character that no name has
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux:registry"
}
