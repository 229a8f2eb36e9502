# F0105: text that wants a setting that a profile says, which the cluster does not use

profile europe {
  account = "111122223333"
}

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}
