# F0363: one client id, and two places for it in Azure Resource Manager

tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer = "https://oidc.example.com/${cluster}"

cluster a on kubernetes {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
  }
}

# The same but for the case of letters.
cluster b on kubernetes {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourcegroups/FLUX/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
  }
}

cluster c on kubernetes {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
    resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
  }
}
