# F0351: a merge sets the variable of another identity, in a list whose order it changes

cluster prod-eu on aks {
  tenant = "9e1f3f6e-2b7a-4c2e-8d0e-0a8f6f1d2c33"
  patch "patches/registry.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}
