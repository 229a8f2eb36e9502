# F0370: the kustomization that Flux builds has a misspelt field
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
