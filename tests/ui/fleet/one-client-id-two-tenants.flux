# F0360: one managed identity in two tenants
cluster a on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster b on aks {
  tenant = "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
  source-controller -> azure "4A7272f9-f186-41af-9f84-6a92e32d7cd0"
}
