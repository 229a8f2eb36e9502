# F0309: the image is of a version of Flux that does not support the provider

cluster prod-eu on aks {
  component "component"
  notification-controller -> azure "11111111-2222-3333-4444-555555555555" { tenant = "66666666-7777-8888-9999-000000000000" }
}
