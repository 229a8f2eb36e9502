# The fleet of Acme: shops on AWS, offices and clinics on Azure, data on Google Cloud.

# ---- Who needs what, everywhere ----

profile base {
  source-controller, image-reflector-controller -> registry
  kustomize-controller                          -> decryption
}

# ---- What that is in each cloud ----

profile aws-roles {
  use base
  role registry   = aws "arn:aws:iam::${account}:role/flux/registry"
  role decryption = aws "arn:aws:iam::${account}:role/flux/${cluster}-decryption"
}

profile azure-identities {
  use base
  role registry   = azure "${registry-client-id}" {
    resource-id = "/subscriptions/${subscription}/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux-registry"
  }
  role decryption = azure "${decryption-client-id}" {
    resource-id = "/subscriptions/${subscription}/resourceGroups/flux/providers/Microsoft.ManagedIdentity/userAssignedIdentities/flux-decryption"
  }
}

# Clusters of one Google Cloud project share its service accounts, so no account is named after a cluster.
profile google-accounts {
  use base
  role registry   = gcp "flux-registry@${project}.iam.gserviceaccount.com"
  role decryption = gcp "flux-decryption@${project}.iam.gserviceaccount.com"
  role events     = gcp "flux-events@${project}.iam.gserviceaccount.com"
}

# ---- Where that is in each environment ----

profile dev {
  account = "111122223333"
  project = "acme-data-dev"
  tenant  = "aaaabbbb-0000-cccc-1111-dddd2222eeee"
  let registry-client-id   = "00001111-aaaa-2222-bbbb-3333cccc4444"
  let decryption-client-id = "11112222-bbbb-3333-cccc-4444dddd5555"
  let subscription         = "dddd1111-eeee-2222-ffff-3333aaaa4444"
}

profile stage {
  account = "444455556666"
  project = "acme-data-stage"
  tenant  = "aaaabbbb-0000-cccc-1111-dddd2222eeee"  # the same tenant as dev
  let registry-client-id   = "22223333-cccc-4444-dddd-5555eeee6666"
  let decryption-client-id = "33334444-dddd-5555-eeee-6666ffff7777"
  let subscription         = "eeee2222-ffff-3333-aaaa-4444bbbb5555"
}

profile prod {
  use base
  account = "777788889999"
  project = "acme-data-prod"
  tenant  = "bbbbcccc-1111-dddd-2222-eeee3333ffff"
  let registry-client-id   = "44445555-eeee-6666-ffff-7777aaaa8888"
  let decryption-client-id = "55556666-ffff-7777-aaaa-8888bbbb9999"
  let subscription         = "ffff3333-aaaa-4444-bbbb-5555cccc6666"

  # Production runs what was promoted to it: nothing looks for new images there.
  image-reflector-controller -> none
}

# ---- The clusters: what each environment is, and whose tokens the clouds are to trust ----

cluster shop-dev on eks {
  use aws-roles, dev
  issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/4E5F60718293A4B5C6D7E8F90A1B2C3D"
}

cluster shop-stage on eks {
  use aws-roles, stage
  issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/5F60718293A4B5C6D7E8F90A1B2C3D4E"
}

cluster shop-prod-eu on eks {
  use aws-roles, prod
  issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/60718293A4B5C6D7E8F90A1B2C3D4E5F"
}

cluster shop-prod-us on eks {
  use aws-roles, prod
  issuer = "https://oidc.eks.us-east-1.amazonaws.com/id/718293A4B5C6D7E8F90A1B2C3D4E5F60"
}

# Payments has an account of its own, and its auditors hold the key.
cluster payments-prod on eks {
  use aws-roles, prod
  account = "123456789012"
  issuer  = "https://oidc.eks.eu-central-1.amazonaws.com/id/8293A4B5C6D7E8F90A1B2C3D4E5F6071"
  role decryption = aws "arn:aws:iam::999988887777:role/audit/payments-decryption"
}

cluster office-dev on aks {
  use azure-identities, dev
  issuer = "https://westeurope.oic.prod-aks.azure.com/${tenant}/1111aaaa-2222-bbbb-3333-cccc4444dddd/"
}

cluster office-stage on aks {
  use azure-identities, stage
  issuer = "https://westeurope.oic.prod-aks.azure.com/${tenant}/2222bbbb-3333-cccc-4444-dddd5555eeee/"
}

cluster office-prod-north on aks {
  use azure-identities, prod
  issuer = "https://northeurope.oic.prod-aks.azure.com/${tenant}/3333cccc-4444-dddd-5555-eeee6666ffff/"
}

cluster office-prod-west on aks {
  use azure-identities, prod
  issuer = "https://westeurope.oic.prod-aks.azure.com/${tenant}/4444dddd-5555-eeee-6666-ffff7777aaaa/"
}

# The clinics are a company of their own, with a tenant of their own.
cluster clinic-prod on aks {
  use azure-identities, prod
  tenant = "ccccdddd-2222-eeee-3333-ffff4444aaaa"
  issuer = "https://westeurope.oic.prod-aks.azure.com/${tenant}/5555eeee-6666-ffff-7777-aaaa8888bbbb/"
  let registry-client-id   = "66667777-aaaa-8888-bbbb-9999cccc0000"
  let decryption-client-id = "77778888-bbbb-9999-cccc-0000dddd1111"
  let subscription         = "aaaa4444-bbbb-5555-cccc-6666dddd7777"
}

cluster data-dev on gke { use google-accounts, dev }
cluster data-stage on gke { use google-accounts, stage }

# The pipelines of production wait for what Flux tells them, on Pub/Sub.
cluster data-prod-eu, data-prod-us on gke {
  use google-accounts, prod
  notification-controller -> events
}
