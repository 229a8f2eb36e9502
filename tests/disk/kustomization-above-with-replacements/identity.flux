# F0316, F0410: the kustomization above the overlay has what is not followed

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
