# F0373: a volume is mounted where Kubernetes mounts the token of the ServiceAccount

cluster prod-eu on eks {
  patch "volume.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
