# F0107: an identity of a provider that does not exist
cluster prod-eu on eks {
  source-controller -> amazon "arn:aws:iam::111122223333:role/flux"
}
