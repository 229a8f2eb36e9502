# F0210, F0210, F0210, F0210: what is wrong with the name of a workload identity provider

cluster a on eks {
  workload-identity-provider = "//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/flux/providers/prod"
}
cluster b on eks {
  workload-identity-provider = "projects/acme-prod/locations/global/workloadIdentityPools/flux/providers/prod"
}
cluster c on eks {
  workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/flux/providers/eu"
}
cluster d on eks {
  workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/flux"
}
