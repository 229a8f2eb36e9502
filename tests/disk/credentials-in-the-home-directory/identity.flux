# F0351, F0352: the libraries of the clouds look for files in the home directory before they ask for an identity

cluster prod-eu on gke {
  patch "google.yaml"
  source-controller -> gcp "flux-registry@acme-prod-123456.iam.gserviceaccount.com"
}

cluster prod-us on eks {
  patch "amazon.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}
