# F0201: a lifetime as a number

cluster prod on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  kustomize-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0" { token-expiration = 3600 }
}
