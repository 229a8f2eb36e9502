# F0352: one field of a component is the cause at every controller, and nothing else is reported

cluster prod-eu on eks {
  component "component"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
