# F0110: an option that stands twice
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { audience = "a", audience = "b" }
}
