# F0352: the node affinity excludes the nodes that have the metadata server of GKE

cluster prod-eu on gke {
  patch "nodes.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}
