# F0380: the Kustomization of Flux has the path of another cluster

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
