# F0352: a variable names another host than the metadata server of GKE

cluster prod-eu on gke {
  patch "host.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}
