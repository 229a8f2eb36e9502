# F0343: providers of one pool give the same subjects the same rights

workload-identity-provider = "projects/1234/locations/global/workloadIdentityPools/plants/providers/${cluster}"

cluster north on kubernetes {
  source-controller -> gcp "flux-north@acme-prod.iam.gserviceaccount.com"
}

cluster south on kubernetes {
  source-controller -> gcp "flux-south@acme-prod.iam.gserviceaccount.com"
}
