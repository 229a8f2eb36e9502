# F0327: no bootstrap, and nothing in its place
cluster prod-eu on eks {
  install = none
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
