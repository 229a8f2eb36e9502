# F0353: the source says nothing of the cloud whose host is set

cluster prod-eu on aks {
  patch "host.yaml" { kind = "Deployment", name = "source-controller" }
  tenant = "9f3f5a6c-77c1-4c3b-9a54-2b8f0b8ac111"
  source-controller -> azure "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
}
