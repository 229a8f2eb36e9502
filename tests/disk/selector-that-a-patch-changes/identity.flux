# F0383: a patch changes the selector of a Deployment that exists

cluster prod-eu on eks {
  patch "selector.yaml" { kind = "Deployment", name = "notification-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
