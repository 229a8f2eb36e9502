# F0213: one thing is said of one mistake
cluster prod-eu on eks {
  flux = "latest"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
