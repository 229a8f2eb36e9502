# F0110: a setting in the block of a cluster and in its values

values "values.json"

cluster prod-eu on eks {
  account = "111122223333"
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}

cluster prod-us on eks { source-controller -> aws "arn:aws:iam::${account}:role/flux" }
