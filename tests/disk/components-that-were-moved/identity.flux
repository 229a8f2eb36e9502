# F0374: Flux was installed here, and its manifests are gone
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
