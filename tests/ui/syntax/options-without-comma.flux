# F0007: two options without a comma between them
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { audience = "sts.amazonaws.com" token-expiration = "3600" }
}
