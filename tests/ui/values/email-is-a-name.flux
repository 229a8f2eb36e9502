# F0205: the name of a service account
cluster prod-ew1 on gke {
  source-controller -> gcp "flux-gar"
}
