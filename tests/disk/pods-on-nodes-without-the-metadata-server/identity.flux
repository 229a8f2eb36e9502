# F0352: the nodes that the pods select have no metadata server of GKE

cluster prod-eu on gke {
  patch "nodes.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}
