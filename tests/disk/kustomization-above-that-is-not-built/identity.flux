# F0370: the kustomization above the overlay names a file that does not exist

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
