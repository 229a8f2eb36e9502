# F0215: a lifetime in hours
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { token-expiration = "1h" }
}
