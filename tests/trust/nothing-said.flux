# F0361, F0362, F0361, F0361, F0361, F0361, F0361: clusters of which nothing is said that clouds must be told

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

# The same identity at two places, and again under another cluster.
cluster lab on aks {
  issuer = "https://westeurope.oic.prod-aks.azure.com/tenant/lab/"
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller    -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  kustomize-controller -> azure "4A7272f9-f186-41af-9f84-6a92e32d7cd0"
}

# One statement, and so one finding.
cluster dev-a, dev-b, dev-c, dev-d, dev-e on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux/${cluster}"
}

cluster data-a, data-b on gke {
  source-controller -> gcp "flux-pull@acme-prod.iam.gserviceaccount.com"
}
