# F0330: no ServiceAccount has such a name
cluster prod-eu on eks {
  flux = "2.9"
  service-account payments/pod_info -> aws "arn:aws:iam::111122223333:role/podinfo"
}
