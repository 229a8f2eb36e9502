# F0367: an identity of the ServiceAccount that no controller runs as

cluster prod-eu on eks {
  resource "clusters/prod-eu/flux-system/default.yaml"
}
