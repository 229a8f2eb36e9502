# F0366: two client ids, and one place for both in Azure Resource Manager

tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer = "https://oidc.example.com/${cluster}"

cluster a on kubernetes {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
  }
}

cluster b on kubernetes {
  kustomize-controller -> azure "d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourcegroups/FLUX/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
  }
}
