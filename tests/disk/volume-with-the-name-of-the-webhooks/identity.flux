# F0352: a volume has the name of the volume that the webhook of EKS adds

cluster prod-eu on eks {
  patch "volume.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
