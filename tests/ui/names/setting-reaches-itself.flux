# F0113: a setting that is its own value
cluster prod-eu on eks {
  account = "${account}"
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}
