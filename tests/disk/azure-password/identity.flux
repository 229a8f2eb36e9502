# F0351: the library of Azure uses a password before the token of the webhook

cluster prod-eu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
