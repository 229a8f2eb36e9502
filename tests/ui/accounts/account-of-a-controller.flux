# F0331: the ServiceAccount of a controller, which the overlay patches
cluster prod-eu on eks {
  flux = "2.9"
  service-account flux-system/kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-kms"
}
