# F0316, F0410: Flux writes the client id, and it is not known here

cluster prod-eu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
