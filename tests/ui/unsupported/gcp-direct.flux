# F0901: the Kubernetes service account itself
cluster prod-ew1 on gke {
  source-controller -> gcp direct
}
