# F0343: each cluster can impersonate both accounts

project = "acme-prod"
source-controller -> gcp "flux-pull@acme-prod.iam.gserviceaccount.com"

cluster shop on gke {
  kustomize-controller -> gcp "flux-shop@acme-prod.iam.gserviceaccount.com"
}

cluster payments-eu, payments-us on gke {
  kustomize-controller -> gcp "flux-payments@acme-prod.iam.gserviceaccount.com"
  helm-controller      -> gcp direct
}

cluster lab on gke {
  helm-controller -> gcp "flux-lab@acme-prod.iam.gserviceaccount.com"
}

# Another project, or another namespace, is another principal.
cluster office on gke {
  project = "acme-office"
  kustomize-controller -> gcp "flux-office@acme-prod.iam.gserviceaccount.com"
}

cluster tools on gke {
  namespace = "flux-tools"
  kustomize-controller -> gcp "flux-tools@acme-prod.iam.gserviceaccount.com"
}
