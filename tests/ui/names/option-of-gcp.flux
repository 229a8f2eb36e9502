# F0108: an option where there are none
cluster prod-ew1 on gke {
  source-controller -> gcp "flux-gar@acme-prod.iam.gserviceaccount.com" { audience = "x" }
}
