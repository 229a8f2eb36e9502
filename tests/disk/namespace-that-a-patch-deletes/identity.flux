# F0382: a patch deletes the Namespace of Flux, and its Kustomization has `prune`

cluster prod-eu on gke {
  patch "namespace.yaml"
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}
