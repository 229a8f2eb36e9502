# F0311: a component is put upon what stands above it

cluster prod-eu on eks {
  emit = component
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
