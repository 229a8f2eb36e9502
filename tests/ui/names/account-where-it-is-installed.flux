# F0115: a `?` behind a ServiceAccount
cluster prod-eu on eks {
  flux = "2.9"
  service-account payments/podinfo? -> aws "arn:aws:iam::111122223333:role/flux"
}
