# F0333: a project that is scoped to a domain, after interpolation
cluster prod-eu on gke {
  flux = "2.9"
  let domain = "acme.example.com"
  service-account reports/nightly -> gcp "nightly@${domain}.iam.gserviceaccount.com"
}
