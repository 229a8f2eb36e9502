# F0351: the kustomization above the overlay puts another role in its place

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
