# F0332, F0332: Flux asks for the token itself
cluster prod-eu on eks {
  flux = "2.9"
  role podinfo = aws "arn:aws:iam::111122223333:role/podinfo" { audience = "sts.amazonaws.com", token-expiration = "3600" }
  source-controller, service-account payments/podinfo -> podinfo
}
