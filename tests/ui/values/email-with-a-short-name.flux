# F0205: a service account with a name of four letters
cluster prod-ew1 on gke {
  source-controller -> gcp "flux@acme-prod.iam.gserviceaccount.com"
}
