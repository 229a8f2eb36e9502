# F0341: `direct` is one principal for all clusters of a project

isolate keys by team

profile base {
  project = "acme-prod"
  role keys = gcp direct
  kustomize-controller -> keys
}

cluster shop on gke {
  use base
  let team = "shop"
}

cluster payments on gke {
  use base
  let team = "payments"
}
