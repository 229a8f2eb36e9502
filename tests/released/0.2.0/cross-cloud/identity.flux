# Acme keeps its images in one registry on AWS and its keys where each site is. Factories run clusters of their own.

require source-controller, kustomize-controller

# Whoever deploys can roll a controller that has got another identity.
restart = on-change

# ---- Who needs what, everywhere ----

profile base {
  allow F0346 "the quota of the account is 4,096"

  region = "eu-central-1"  # of the registry, and of the STS endpoint
  role images = aws "arn:aws:iam::111122223333:role/flux/images"

  source-controller, image-reflector-controller -> images
  kustomize-controller                          -> keys
}

# ---- Where the keys are ----

profile keys-on-azure {
  use base
  tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee"
  role keys = azure "00001111-aaaa-2222-bbbb-3333cccc4444" {
    resource-id = "/subscriptions/dddd1111-eeee-2222-ffff-3333aaaa4444/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux-keys"
  }
}

profile keys-on-google-cloud {
  use base
  role keys = gcp direct
}

# ---- The clusters ----

cluster shop on eks {
  use base
  account = "111122223333"

  # The agent of EKS Pod Identity hands these out: nothing is patched.
  role images = aws "arn:aws:iam::${account}:role/flux/images" { via = pod-identity }
  role keys   = aws "arn:aws:iam::${account}:role/flux/keys" { via = pod-identity }
}

cluster office on aks {
  use keys-on-azure
  issuer = "https://westeurope.oic.prod-aks.azure.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/5555eeee-6666-ffff-7777-aaaa8888bbbb/"
}

cluster data on gke {
  use keys-on-google-cloud
  issuer         = "https://container.googleapis.com/v1/projects/acme-data-prod/locations/europe-west1/clusters/data"
  project        = "acme-data-prod"
  project-number = "123456789012"
}

cluster factory-north, factory-south on kubernetes {
  use keys-on-azure
  issuer = "https://oidc.acme.example/${cluster}"

  # Quality data goes to Pub/Sub, and alerts of the line with it.
  workload-identity-provider = "projects/123456789012/locations/global/workloadIdentityPools/acme/providers/${cluster}"
  notification-controller -> gcp "flux-events@acme-data-prod.iam.gserviceaccount.com"

  # These controllers talk to two clouds.
  helm-controller -> images, keys
}
