# F0370: a Kustomization of Flux where kustomize reads its own
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
