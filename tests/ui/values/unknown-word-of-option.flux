# F0202: a word that is not in the list of an option
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = irsa }
}
