# F0435: a quota of no pods in the namespace of Flux

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
  resource "apps"
}
