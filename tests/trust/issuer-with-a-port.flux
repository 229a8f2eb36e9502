# F0364: AWS knows no issuer with a port; Azure does

region = "eu-west-1"
allow F0350 "who shares an issuer is not asked here"
tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
issuer = "https://oidc.example.com:6443"

cluster plant, works on kubernetes {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux/pull",
    azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" {
      resource-id = "/subscriptions/72f988bf-86f1-41af-91ab-2d7cd011db47/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/pull"
    }
}
