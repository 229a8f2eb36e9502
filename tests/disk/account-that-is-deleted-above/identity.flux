# F0352: the kustomization above the overlay deletes the ServiceAccount

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
