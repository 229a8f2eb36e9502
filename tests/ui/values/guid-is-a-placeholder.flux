# F0204: a placeholder that nobody filled in
cluster prod-weu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "PLACEHOLDER_CLIENT_ID"
}
