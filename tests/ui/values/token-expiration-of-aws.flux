# F0215: a token that would live too short
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { token-expiration = "60" }
}
