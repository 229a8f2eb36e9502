# F0317: a Google service account on a cluster of one's own, and no provider that trusts it
cluster prod-ew1 on kubernetes {
  source-controller -> gcp "flux-gar@acme-prod.iam.gserviceaccount.com"
}
