# F0344: nobody knows whether these are in one project

cluster a on gke {
  source-controller -> gcp "flux-a@acme-prod.iam.gserviceaccount.com"
}

cluster b on gke {
  source-controller -> gcp "flux-b@acme-prod.iam.gserviceaccount.com"
}

cluster c on gke {
  project = "acme-prod"
  source-controller -> gcp "flux-b@acme-prod.iam.gserviceaccount.com"
}

# Whatever its project, it agrees with everybody.
cluster d on gke {
  helm-controller -> gcp "flux-d@acme-prod.iam.gserviceaccount.com"
}
