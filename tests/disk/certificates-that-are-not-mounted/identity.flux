# F0384: the file of the certificates is not mounted

cluster prod-eu on eks {
  patch "certificates.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
