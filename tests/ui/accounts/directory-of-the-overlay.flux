# F0304: a cluster writes two things to one directory
cluster prod-eu on eks {
  flux = "2.9"
  service-accounts = "clusters/prod-eu/flux-system"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
