# F0394: the manifests of a version of Flux do not grant what object-level identity needs
cluster prod-eu on eks {
  flux = "2.10"
  service-account payments/charts -> aws "arn:aws:iam::111122223333:role/payments"
}
