# F0201: a word in quotes

cluster prod on aks {
  tenant = "webhook"
  kustomize-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
