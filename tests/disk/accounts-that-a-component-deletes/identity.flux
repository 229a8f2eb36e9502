# F0352: one patch of a component deletes all ServiceAccounts

cluster prod-eu on eks {
  component "component"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
