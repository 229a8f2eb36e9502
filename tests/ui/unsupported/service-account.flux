# F0901: the ServiceAccount of a tenant
cluster prod-eu on eks {
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
