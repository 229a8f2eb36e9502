# F0203: the name of a role where its ARN belongs
cluster prod-eu on eks {
  source-controller -> aws "flux-registry"
}
