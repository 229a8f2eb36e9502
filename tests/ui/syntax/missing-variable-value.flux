# F0001: a variable without its value; that it exists is understood
cluster prod-eu on eks {
  let team =
  role registry = aws "arn:aws:iam::111122223333:role/${team}-registry"
  source-controller -> registry
}
