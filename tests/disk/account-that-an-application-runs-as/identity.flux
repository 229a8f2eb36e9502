# F0393, F0393, F0393, F0393: ServiceAccounts of Flux objects whose pods get the identity too
cluster prod-eu on eks {
  flux = "2.9"
  service-account payments/api     -> aws "arn:aws:iam::111122223333:role/payments"
  service-account payments/nightly -> aws "arn:aws:iam::111122223333:role/payments"
  service-account payments/default -> aws "arn:aws:iam::111122223333:role/payments"
  service-account payments/charts  -> aws "arn:aws:iam::111122223333:role/payments"
  service-account reports/api      -> aws "arn:aws:iam::111122223333:role/reports"
}

cluster prod-de on aks {
  flux   = "2.9"
  output = "clusters/prod-de/flux-system"
  service-account payments/default -> aws "arn:aws:iam::111122223333:role/payments"
}

cluster data-eu on gke {
  flux   = "2.9"
  output = "clusters/data-eu/flux-system"
  service-account payments/default -> gcp direct
}
