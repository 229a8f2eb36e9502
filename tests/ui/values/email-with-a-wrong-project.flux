# F0205: a project in capital letters
cluster prod-ew1 on gke {
  source-controller -> gcp "flux-gar@Acme.iam.gserviceaccount.com"
}
