# F0217: the name of a managed identity where its resource id belongs
cluster prod-weu on aks {
  tenant = webhook
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { resource-id = "flux-registry" }
}
