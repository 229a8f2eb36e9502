# F0382: a kustomization above pauses every controller

cluster prod-eu on eks {
  source-controller, kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
