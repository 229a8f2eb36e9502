# F0370: the directory above has two kustomizations

cluster prod-eu on eks {
  emit = component
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
