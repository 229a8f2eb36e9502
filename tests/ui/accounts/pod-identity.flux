# F0318: EKS Pod Identity knows pods, not objects
cluster prod-eu on eks {
  flux = "2.9"
  role podinfo = aws "arn:aws:iam::111122223333:role/podinfo" { via = pod-identity }
  service-account payments/podinfo -> podinfo
}
