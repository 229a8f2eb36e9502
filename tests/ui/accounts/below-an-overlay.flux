# F0337: Flux would not look into the directory
service-accounts = "clusters/${cluster}/flux-system/tenants"

cluster prod-eu on eks {
  flux = "2.9"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
