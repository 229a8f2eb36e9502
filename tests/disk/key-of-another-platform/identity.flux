# F0367: the metadata server of GKE reads the annotation, and nothing on eks does

cluster prod-eu on eks {
  patch "account.yaml" { kind = "ServiceAccount", name = "source-controller" }
}
