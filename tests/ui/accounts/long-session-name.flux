# F0307: Flux would make a session name that AWS does not take
cluster prod-eu on eks {
  flux = "2.9"
  region = "ap-southeast-1"
  service-account payments-production/invoice-renderer-worker -> aws "arn:aws:iam::111122223333:role/podinfo"
}
