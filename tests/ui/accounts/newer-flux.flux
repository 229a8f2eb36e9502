# F0315: a version whose gates are not known
cluster prod-eu on eks {
  flux = "2.11"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
