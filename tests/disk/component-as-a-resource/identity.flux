# F0329: a kustomization has the component under resources

cluster prod-eu on eks {
  emit = component
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
