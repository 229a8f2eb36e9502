# F0110: one ServiceAccount is mapped twice
cluster prod-eu on eks {
  flux = "2.9"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
  service-account payments/podinfo -> none
}
