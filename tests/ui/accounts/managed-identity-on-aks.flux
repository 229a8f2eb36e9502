# F0338: the documentation calls it unstable
cluster prod-eu on aks {
  flux = "2.9"
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  service-account payments/podinfo -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
