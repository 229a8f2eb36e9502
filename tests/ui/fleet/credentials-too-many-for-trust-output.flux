# F0388: trust that is written must be accepted

trust-output = "trust"
tenant       = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer       = "https://oidc.example.com/${cluster}"

role pull = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
  resource-id = "/subscriptions/d6e4fc00-c5b2-4a72-9f84-6a92e3f06b08/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
}

source-controller, kustomize-controller, helm-controller, image-reflector-controller -> pull

cluster a, b, c, d, e, f on kubernetes {}
