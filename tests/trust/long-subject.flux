# F0365: 128 characters, one too many

flux = "2.9"
workload-identity-provider = "projects/1234/locations/global/workloadIdentityPools/plants/providers/plant"

cluster plant on kubernetes {
  service-account tenants/the-account-that-reads-the-buckets-of-the-plant-in-the-north-and-of-that-in-the-south-and-east-west-and-up.x -> gcp direct
}
