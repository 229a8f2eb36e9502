# F0341: the identity is the same, but for its name and the case of its letters

isolate decryption by team

cluster shop on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  let team = "shop"
  role decryption = azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  kustomize-controller -> decryption
}

cluster payments on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  let team = "payments"
  source-controller -> azure "4A7272F9-F186-41AF-9F84-6A92E32D7CD0"
}
