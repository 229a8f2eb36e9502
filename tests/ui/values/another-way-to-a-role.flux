# F0202: IRSA needs no word

cluster a on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = irsa }
}
