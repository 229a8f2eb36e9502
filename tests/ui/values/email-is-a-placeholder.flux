# F0205: a placeholder that nobody filled in
cluster prod-ew1 on gke {
  source-controller -> gcp "flux@<PROJECT>.iam.gserviceaccount.com"
}
