# F0379: operations add a mount at a path that has one, and a variable that is there

cluster prod-eu on eks {
  patch "mounts.yaml" { kind = "Deployment", name = "source-controller" }
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
