# F0406: the header lists a controller whose Deployment was removed

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
