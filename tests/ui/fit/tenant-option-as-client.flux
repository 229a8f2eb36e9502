# F0305: the tenant of one identity where its client belongs
cluster prod-weu on aks {
  source-controller -> azure "72f988bf-86f1-41af-91ab-2d7cd011db47" { tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47" }
}
