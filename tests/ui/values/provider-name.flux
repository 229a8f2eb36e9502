# F0210: the id of a provider where its full name belongs
cluster prod-ew1 on gke {
  workload-identity-provider = "prod-eu"
}
