# F0353: the manifests run a controller as the ServiceAccount of another, which has a role

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
