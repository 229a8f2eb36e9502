# F0010: a name whose brace is not closed
cluster prod-eu on eks {
  account = "111122223333"
  source-controller -> aws "arn:aws:iam::${account:role/flux"
}
