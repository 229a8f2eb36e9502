# F0356, F0356: issuers of managed clusters on other platforms; on kubernetes any issuer is right
profile base {
  tenant = "72f988bf-86f1-41af-91ab-2d7cd011db47"
  region = "eu-west-1"
  source-controller -> azure "4a7272f9-f186-41af-9f84-6a92e32d7cd0"
}

cluster prod-we on aks {
  use base
  issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/3D4E5F60718293A4B5C6D7E8F90A1B2C"
}

cluster prod-eu on eks {
  use base
  issuer = "https://container.googleapis.com/v1/projects/acme/locations/europe-west1/clusters/data"
}

cluster edge on kubernetes {
  use base
  issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/4E5F60718293A4B5C6D7E8F90A1B2C3D"
}
