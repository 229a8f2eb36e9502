# F0204: the name of a managed identity
cluster prod-weu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "flux-registry"
}
