# F0111: a setting with `let`
cluster prod-eu on eks {
  let account = "111122223333"
  source-controller -> aws "arn:aws:iam::${account}:role/flux-registry"
}
