# F0103: a cluster that uses a profile with a misspelt name; roles are not looked for then

profile base {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster prod-eu on eks {
  use bass
  source-controller -> registry
}
