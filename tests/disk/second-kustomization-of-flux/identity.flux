# F0377: a second Kustomization applies the ServiceAccount of a controller

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
