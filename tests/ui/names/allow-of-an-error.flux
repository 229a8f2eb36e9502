# F0119: an error is allowed

cluster prod-eu on eks {
  allow F0203 "we know"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
