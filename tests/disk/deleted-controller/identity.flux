# F0382: a kustomization above deletes the Deployment of a mapped controller

cluster prod-eu on eks {
  source-controller, kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
