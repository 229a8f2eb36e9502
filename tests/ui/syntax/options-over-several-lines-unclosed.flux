# F0003, F0206: options whose brace is that of the block
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" {
    audience = "sts.amazonaws.com"
}

cluster prod-us on eks {
  account = "11112222333"
}
