# F0328, F0328: components that no kustomization has

cluster prod-eu, prod-us on eks {
  emit = component
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
