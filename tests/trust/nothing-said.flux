# F0361, F0362, F0361, F0361, F0361: three clusters of which nothing is said that clouds must be told

cluster prod-eu on eks {
  source-controller    -> aws "arn:aws:iam::111122223333:role/flux/pull"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux/keys"
}

cluster office on aks {
  issuer = "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/"
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller, kustomize-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster data on gke {
  source-controller    -> gcp "flux-pull@acme-prod.iam.gserviceaccount.com"
  kustomize-controller -> gcp direct
}

cluster data-us on gke {
  project = "acme-us"
  kustomize-controller -> gcp direct
}
