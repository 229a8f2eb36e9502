# F0303: a managed identity without a tenant
cluster prod-weu on aks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
