# F0119: a code that there is not is allowed

cluster prod-eu on eks {
  allow unused "we know"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
