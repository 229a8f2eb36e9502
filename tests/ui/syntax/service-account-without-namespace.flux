# F0001: the ServiceAccount of a tenant without its namespace
cluster prod-eu on eks {
  service-account podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
