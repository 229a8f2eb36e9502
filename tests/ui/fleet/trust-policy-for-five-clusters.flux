# F0346: four fit into 2,048 characters, five do not

account = "111122223333"
source-controller -> aws "arn:aws:iam::${account}:role/flux/pull"

cluster a, b, c, d, e on eks {
  region = "ap-southeast-1"
}
