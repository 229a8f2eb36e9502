# F0398: a patch of a network policy lets requests out of the cluster, and none to other controllers

cluster prod-eu on eks {
  patch "egress.yaml" { kind = "NetworkPolicy", name = "allow-egress" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
