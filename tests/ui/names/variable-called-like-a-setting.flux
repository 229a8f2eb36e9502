# F0111: a variable with the name of a setting
cluster prod-eu on eks {
  let account = "111122223333"
  source-controller -> aws "arn:aws:iam::${account}:role/flux"
}
