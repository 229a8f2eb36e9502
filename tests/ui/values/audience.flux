# F0216: an audience with a blank
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { audience = "sts amazonaws" }
}
