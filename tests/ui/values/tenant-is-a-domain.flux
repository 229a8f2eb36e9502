# F0204: the domain of a tenant
cluster prod-weu on aks {
  tenant = "acme.onmicrosoft.com"
}
