# F0306: a role of the commercial partition in a region of China

cluster prod-cn on eks {
  region = "cn-north-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
