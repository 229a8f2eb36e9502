# F0386: two clusters of three get from the objects what they may need to apply them

trust-output = "trust"
trust-form   = aso
tenant       = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer       = "https://oidc.example.com/${cluster}"

role keys = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
  resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux"
}

cluster a on aks { helm-controller -> keys }
cluster b on aks { kustomize-controller -> keys }
cluster c on aks { source-controller -> keys }
