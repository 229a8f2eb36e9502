# F0384: a variable sends requests for STS to another service

cluster prod-eu on eks {
  patch "endpoint.yaml" { kind = "Deployment", name = "(source|kustomize)-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
