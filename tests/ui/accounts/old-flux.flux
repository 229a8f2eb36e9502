# F0335: Flux 2.5 has no object-level identity
cluster prod-eu on eks {
  flux = "2.5"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
