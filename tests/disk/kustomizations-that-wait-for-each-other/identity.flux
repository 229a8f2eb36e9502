# F0433: two Kustomizations of which each waits for the other

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
  resource "apps"
}
