# F0328: the kustomization that lists the component is nested too deeply

cluster prod-eu on eks {
  emit = component
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
