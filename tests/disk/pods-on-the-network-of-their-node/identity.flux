# F0352: pods on the network of their node do not reach the metadata server of GKE

cluster prod-eu on gke {
  patch "host.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}
