# F0204: the resource id of a managed identity as its client id
cluster prod-eu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "/subscriptions/4a7272f9-f186-41af-9f84-6a92e32d7cd0/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux-acr"
}
