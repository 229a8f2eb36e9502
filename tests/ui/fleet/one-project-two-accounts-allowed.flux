# F0118: any cluster that is involved can allow it; one that is not cannot

project = "acme-prod"

cluster shop on gke {
  kustomize-controller -> gcp "flux-shop@acme-prod.iam.gserviceaccount.com"
}

cluster payments on gke {
  allow F0343 "both teams know it"
  kustomize-controller -> gcp "flux-payments@acme-prod.iam.gserviceaccount.com"
}

cluster lab on gke {
  allow F0343 "nothing to do with it"
  helm-controller -> gcp direct
}
