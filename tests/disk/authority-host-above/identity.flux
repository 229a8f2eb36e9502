# F0352: the kustomization above the overlay sets the authority host of another cloud

cluster prod-eu on eks {
  tenant = "9f3f5a6c-77c1-4c3b-9a54-2b8f0b8ac111"
  source-controller -> azure "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
}
