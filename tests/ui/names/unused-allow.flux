# F0118: a warning is allowed that there is not

cluster prod-eu on eks {
  allow F0309 "until the upgrade"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
