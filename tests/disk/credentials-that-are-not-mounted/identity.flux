# F0352: a kustomization above takes the mount of the credential configuration away

cluster prod-eu on eks {
  workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/clusters/providers/prod-eu"
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
  kustomize-controller -> gcp "flux-sops@acme-prod-123456.iam.gserviceaccount.com"
}
