# F0352: the webhook of EKS mounts its token where something is mounted

cluster prod-eu on eks {
  patch "volume.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
