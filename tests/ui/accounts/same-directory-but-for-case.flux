# F0304: two directories that are one on many disks
flux = "2.9"

cluster prod-eu on eks {
  service-accounts = "tenants/shared"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}

cluster prod-us on eks {
  service-accounts = "Tenants/shared"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
