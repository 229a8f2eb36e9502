# F0101: a controller with a misspelt name
cluster prod-eu on eks {
  sorce-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
