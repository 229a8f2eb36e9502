# F0319: no webhook knows the tenant

profile azure {
  tenant = webhook
  role keys = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  kustomize-controller -> keys
}

cluster west on aks { use azure }
cluster east on eks { use azure }
