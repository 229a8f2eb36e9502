# F0107: an identity with the name of a platform before it
cluster prod-eu on eks {
  role registry = eks "arn:aws:iam::111122223333:role/flux"
  source-controller -> registry
}
