# F0369: every object uses the identity of its own namespace

cluster prod-eu on eks {
  patch "lockdown.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
