# F0394: a patch removes the permission that object-level identity needs
cluster prod-eu on eks {
  flux = "2.9"
  patch "lockdown.yaml" { kind = "ClusterRole", name = "crd-controller-flux-system" }
  service-account payments/charts -> aws "arn:aws:iam::111122223333:role/payments"
}
