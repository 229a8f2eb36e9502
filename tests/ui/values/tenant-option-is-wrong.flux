# F0204: the tenant of one identity
cluster prod-weu on aks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { tenant = "acme.com" }
}
