# F0370: the kustomization above has a field that kustomize does not know

cluster prod-eu on eks {
  emit = component
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
