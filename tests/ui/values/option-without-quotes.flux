# F0201: a number of seconds without quotes
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { token-expiration = 3600 }
}
