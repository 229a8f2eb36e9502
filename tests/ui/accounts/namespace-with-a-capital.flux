# F0330: no namespace has such a name
cluster prod-eu on eks {
  flux = "2.9"
  service-account Payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
