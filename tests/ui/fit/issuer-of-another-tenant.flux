# F0357, F0357: issuers of AKS and GKE that do not agree with the tenant and the project
cluster prod-we on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  issuer = "https://westeurope.oic.prod-aks.azure.com/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/1111aaaa-2222-bbbb-3333-cccc4444dddd/"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster data-ew1 on gke {
  project = "acme-data"
  region  = "eu-west-1"
  issuer  = "https://container.googleapis.com/v1/projects/acme-dev/locations/europe-west1/clusters/data"
  source-controller -> gcp "flux-gar@acme-data.iam.gserviceaccount.com", aws "arn:aws:iam::111122223333:role/flux-registry"
}
