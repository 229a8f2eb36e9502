# F0317: off GKE Flux must know the provider
cluster prod-eu on eks {
  flux = "2.9"
  service-account reports/nightly -> gcp direct
}
