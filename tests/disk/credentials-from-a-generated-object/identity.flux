# F0351: envFrom takes an access key from a generated ConfigMap

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
