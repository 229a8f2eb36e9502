# F0367: one patch of every ServiceAccount gives one finding

cluster prod-eu on eks {
  resource "./accounts.yaml"
  patch "role.yaml" { kind = "ServiceAccount" }
}
