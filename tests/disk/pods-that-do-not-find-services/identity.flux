# F0398: pods on the network of their node do not find Services by their names

cluster prod-eu on eks {
  patch "host.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
