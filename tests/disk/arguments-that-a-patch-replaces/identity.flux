# F0397: a list in a patch takes the place of the arguments of the manifests

cluster prod-eu on eks {
  patch "arguments.yaml"
  patch "concurrent.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
