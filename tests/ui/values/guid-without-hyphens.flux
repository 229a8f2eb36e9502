# F0204: a GUID without its hyphens
cluster prod-weu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "4a7272f9f18641af9f846a92e32d7cd0"
}
