# F0331: the same where Flux is elsewhere
cluster prod-eu on eks {
  flux = "2.9"
  namespace = "gitops"
  service-account flux-system/source-controller, service-account gitops/source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
