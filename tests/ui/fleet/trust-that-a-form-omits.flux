# F0386, F0387: objects for AWS, and identities of all clouds

trust-output   = "trust"
trust-form     = ack
tenant         = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer         = "https://oidc.example.com/${cluster}"
project        = "acme-prod"
project-number = "123456789012"

cluster a on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
cluster b on aks {
  kustomize-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux"
  }
}
cluster c on gke {
  source-controller    -> gcp direct
  kustomize-controller -> gcp "flux-keys@acme-prod.iam.gserviceaccount.com"
}
