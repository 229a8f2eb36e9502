# F0304: two clusters write to one directory
service-accounts = "tenants"
flux = "2.9"

cluster prod-eu, prod-us on eks {
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
