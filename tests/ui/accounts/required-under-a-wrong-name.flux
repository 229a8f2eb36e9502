# F0330: a name that nothing has is required
require service-account payments/Podinfo

cluster prod-eu on eks {
  flux = "2.9"
  source-controller -> aws "arn:aws:iam::111122223333:role/podinfo"
}
