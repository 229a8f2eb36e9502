# F0119: that an `allow` silences nothing is allowed

cluster prod-eu on eks {
  allow F0118 "for later"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
