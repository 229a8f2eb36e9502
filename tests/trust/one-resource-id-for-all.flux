# F0366, F0363: a resource id that is one everywhere, and one that is another in each cluster, each written once

tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer = "https://oidc.example.com/${cluster}"

role pull = azure "${pull}" {
  resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
}

role keys = azure "11112222-bbbb-3333-cccc-4444dddd5555" {
  resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/${cluster}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/keys"
}

source-controller    -> pull
kustomize-controller -> keys

cluster a on kubernetes { let pull = "4a7272f9-f186-41af-9f84-6a92e32d7cd0" }

cluster b on kubernetes { let pull = "d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08" }
