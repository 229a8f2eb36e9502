# F0368: a flag that wants the feature gate

cluster prod-eu on eks {
  patch "lockdown.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
