# F0428, F0428: a patch replaces the list of mounts, and the manifests lack the volume of artifacts

cluster prod-eu on eks {
  patch "certificates.yaml" { kind = "Deployment", name = "kustomize-controller" }
  source-controller    -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-kms"
}
