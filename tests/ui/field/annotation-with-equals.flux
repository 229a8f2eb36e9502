# F0001: an annotation, as a command line has it

cluster prod on gke {
  iam.gke.io/gcp-service-account="flux-kms@acme-prod.iam.gserviceaccount.com"
}
