# F0383: a component adds a label to the selectors of Deployments that exist

cluster prod-eu on eks {
  component "component"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
