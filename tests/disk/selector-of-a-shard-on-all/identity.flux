# F0395: a patch that is meant for a shard selects the objects of all controllers

cluster prod-eu on eks {
  patch "selector.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
