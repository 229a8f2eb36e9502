# F0010: a dollar sign that is followed by nothing
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux$"
}
