# F0382: a component scales a mapped controller down to nothing

cluster prod-eu on eks {
  component "component"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
