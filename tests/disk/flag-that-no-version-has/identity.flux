# F0371: no controller has the flag

cluster prod-eu on eks {
  patch "flag.yaml" { kind = "Deployment", name = ".*" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
