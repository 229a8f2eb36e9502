# F0384: a patch of a network policy leaves the metadata server of GKE out

cluster prod-eu on gke {
  patch "egress.yaml" { kind = "NetworkPolicy", name = "allow-egress" }
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
  kustomize-controller -> gcp "flux-sops@acme-prod-123456.iam.gserviceaccount.com"
}
