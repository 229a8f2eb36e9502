# F0380: the kustomization above lists the manifests beside the overlay

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
