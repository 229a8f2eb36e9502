# F0360: one managed identity in two clouds of Azure; a cluster whose webhook decides is no third
tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"

cluster a on aks {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster b on kubernetes {
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster c on kubernetes {
  azure-cloud = usgov
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
