# F0352: a variable names a region whose STS does not know the role

cluster prod-eu on eks {
  patch "region.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
