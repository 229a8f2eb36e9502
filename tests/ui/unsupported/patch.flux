# F0901: a patch of one's own, with its target
cluster prod-eu on eks {
  patch "memory.yaml" { kind = "Deployment", name = "kustomize-controller" }
}
