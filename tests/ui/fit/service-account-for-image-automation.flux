# F0309: no version uses it

cluster data on gke {
  image-automation-controller -> gcp "flux-push@acme-prod.iam.gserviceaccount.com"
}
