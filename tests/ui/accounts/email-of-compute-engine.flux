# F0333: a default service account
cluster prod-eu on gke {
  flux = "2.9"
  service-account reports/nightly -> gcp "123456789012-compute@developer.gserviceaccount.com"
}
