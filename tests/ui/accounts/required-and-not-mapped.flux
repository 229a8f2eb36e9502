# F0310: a ServiceAccount must be mapped
require service-account payments/podinfo on eks

cluster prod-eu on eks {
  flux = "2.9"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
