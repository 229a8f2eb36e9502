# F0304: an overlay and ServiceAccounts in one directory
cluster prod-eu on eks {
  flux = "2.9"
  service-accounts = "clusters/prod-us/flux-system"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}

cluster prod-us on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
