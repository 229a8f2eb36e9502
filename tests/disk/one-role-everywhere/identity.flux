# F0353: one patch of a component gives a role to every ServiceAccount

cluster prod-eu on eks {
  component "component"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
