# F0203: a name of 65 characters
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
}
