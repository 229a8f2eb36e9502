# F0368: only other controllers have the flag

cluster prod-eu on eks {
  patch "flag.yaml" { kind = "Deployment", name = "(source|notification)-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
