# F0375: the definitions of this version of Flux no longer serve the version of gotk-sync.yaml

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
