# F0379, F0379, F0379, F0352: a patch writes labels with values that labels do not have and one that is no string; a suffix is none

cluster prod-eu on aks {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  patch "labels.yaml" { kind = "Deployment" }
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
