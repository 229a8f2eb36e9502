# F0426: one of three clusters lost its `gotk-sync.yaml`

cluster dev, prod-eu, prod-us on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/${cluster}"
}
