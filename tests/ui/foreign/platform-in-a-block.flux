# F0104: the platform as a setting
cluster prod-eu on eks {
  platform = "eks"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
