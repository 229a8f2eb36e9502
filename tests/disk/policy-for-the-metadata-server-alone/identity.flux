# F0384: a policy lets requests to the metadata server of GKE out, and none for names or to Google Cloud

cluster prod-eu on gke {
  patch "egress.yaml" { kind = "NetworkPolicy", name = "allow-egress" }
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}
