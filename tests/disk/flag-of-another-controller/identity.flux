# F0368: only kustomize-controller decrypts

cluster prod-eu on eks {
  patch "lockdown.yaml" { kind = "Deployment", name = "source-controller" }
}
