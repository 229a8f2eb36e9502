# F0117: EKS Pod Identity needs no issuer, impersonation no number, and one place says the resource id

tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
role unused = gcp direct

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux/pull" { via = pod-identity }
}

cluster data on gke {
  project = "acme-prod"
  source-controller -> gcp "flux-pull@acme-prod.iam.gserviceaccount.com"
}

cluster office on aks {
  issuer = "https://westeurope.oic.prod-aks.azure.com/tenant/office/"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster lab on aks {
  issuer = "https://westeurope.oic.prod-aks.azure.com/tenant/lab/"
  source-controller -> azure "4A7272F9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
  }
}

cluster plant on kubernetes {
  workload-identity-provider = "projects/1234/locations/global/workloadIdentityPools/plants/providers/plant"
  source-controller -> gcp "flux-pull@acme-prod.iam.gserviceaccount.com"
}
