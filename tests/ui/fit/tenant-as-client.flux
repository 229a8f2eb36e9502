# F0305: the tenant where the client belongs
cluster prod-weu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "72F988BF-86f1-41af-91ab-2d7cd011db47"
}
