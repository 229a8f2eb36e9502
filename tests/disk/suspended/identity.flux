# F0380: the Kustomization of Flux is suspended

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
