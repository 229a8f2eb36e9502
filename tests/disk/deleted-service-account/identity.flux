# F0352, F0352: a kustomization above deletes the ServiceAccount of a controller, where no webhook asks for it

cluster prod-eu on gke {
  source-controller -> gcp "flux-gar@acme-prod.iam.gserviceaccount.com"
}

cluster edge on kubernetes {
  region = "eu-west-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
