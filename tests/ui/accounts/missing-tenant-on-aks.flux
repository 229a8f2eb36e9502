# F0303: no webhook is offered
cluster prod-eu on aks {
  flux = "2.9"
  service-account payments/podinfo -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
