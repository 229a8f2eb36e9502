# F0372: a patch by the wrong name of the container adds one

cluster prod-eu on eks {
  patch "memory.yaml" { kind = "Deployment", name = "source-controller" }
}
