# F0105: who makes trust needs the project to be right

cluster data on gke {
  project = "${company}-data"
  source-controller -> gcp "flux-pull@acme-prod.iam.gserviceaccount.com"
}
