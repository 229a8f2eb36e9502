# F0211: the issuer of an AKS cluster without its last sign

cluster prod on aks {
  issuer = "https://eastus.oic.prod-aks.azure.com/72f988bf-86f1-41af-91ab-2d7cd011db47/4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
