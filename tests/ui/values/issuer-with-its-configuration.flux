# F0211, F0211, F0211: where an issuer tells its configuration is not the issuer

cluster prod-eu on eks {
  issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE/.well-known/openid-configuration"
}

cluster office on aks {
  issuer = "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/.well-known/openid-configuration"
}

cluster data on gke {
  issuer = "https://container.googleapis.com/v1/projects/acme-data/locations/europe-west1/clusters/data/.well-known/openid-configuration/"
}
