# F0104, F0001: what stands in a patch, pasted

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  target: "ServiceAccount"
}
