# F0203: a role whose path has a blank
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/my team/flux"
}
