# F0381: Flux builds a kustomization that does not list the component

cluster prod-eu on eks {
  emit = component
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
