# F0107: a provider by the name of its company.
cluster a on gke {
  source-controller -> google "flux@acme-prod.iam.gserviceaccount.com"
}
