# F0372: a patch of the container `manager`, which another has renamed

cluster prod-eu on eks {
  patch "rename.yaml" { kind = "Deployment", name = "source-controller" }
  patch "memory.yaml" { kind = "Deployment", name = "source-controller" }
}
