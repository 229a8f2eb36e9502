# F0001: options with a colon
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { audience: "sts.amazonaws.com" }
}
