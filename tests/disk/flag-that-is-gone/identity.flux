# F0371: an argument that Flux 2.7 does not know any more

cluster prod-eu on eks {
  patch "ecr.yaml" { kind = "Deployment", name = "image-reflector-controller" }
}
