# F0385: a volume has the name that the webhook of AKS had for its own

cluster prod-eu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  patch "volume.yaml" { kind = "Deployment" }
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
  kustomize-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd1"
}
