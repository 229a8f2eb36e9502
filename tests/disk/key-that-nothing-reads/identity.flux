# F0367: an annotation with a misspelt key

cluster prod-eu on aks {
  patch "client.yaml" { kind = "ServiceAccount", name = "source-controller" }
}
