# F0301: a Google service account on EKS
cluster prod-eu on eks {
  source-controller -> aws "flux-gar@acme-prod.iam.gserviceaccount.com"
}
