# F0378: the Kustomization of Flux names a GitRepository that is not there

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
