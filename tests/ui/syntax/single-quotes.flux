# F0006, F0006: text in single quotes
cluster prod-eu on eks {
  account = '111122223333'
  source-controller -> aws 'arn:aws:iam::111122223333:role/flux'
}
