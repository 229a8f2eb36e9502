# F0322, F0322, F0322: what is passed through is not there

cluster prod-eu on eks {
  resource "infra/extras"
  component "infra/sops"
  patch "patches/memory.yaml" { kind = "Deployment" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
