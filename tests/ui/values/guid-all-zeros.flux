# F0204: a GUID that was never filled in
cluster prod-weu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "00000000-0000-0000-0000-000000000000"
}
