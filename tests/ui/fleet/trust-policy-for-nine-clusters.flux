# F0346: nine are over the 4,096 too

source-controller -> aws "arn:aws:iam::111122223333:role/flux/pull"

cluster a, b, c, d, e, f, g, h, i on eks {
  region = "ap-southeast-1"
}
