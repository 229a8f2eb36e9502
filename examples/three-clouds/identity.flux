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
  role registry   = azure "${registry-client-id}"
  role decryption = azure "${decryption-client-id}"
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
}

profile stage {
  account = "444455556666"
  project = "acme-data-stage"
  tenant  = "aaaabbbb-0000-cccc-1111-dddd2222eeee"  # the same tenant as dev
  let registry-client-id   = "22223333-cccc-4444-dddd-5555eeee6666"
  let decryption-client-id = "33334444-dddd-5555-eeee-6666ffff7777"
}

profile prod {
  use base
  account = "777788889999"
  project = "acme-data-prod"
  tenant  = "bbbbcccc-1111-dddd-2222-eeee3333ffff"
  let registry-client-id   = "44445555-eeee-6666-ffff-7777aaaa8888"
  let decryption-client-id = "55556666-ffff-7777-aaaa-8888bbbb9999"

  # Production runs what was promoted to it: nothing looks for new images there.
  image-reflector-controller -> none
}

# ---- The clusters ----

cluster shop-dev on eks { use aws-roles, dev }
cluster shop-stage on eks { use aws-roles, stage }
cluster shop-prod-eu, shop-prod-us on eks { use aws-roles, prod }

# Payments has an account of its own, and its auditors hold the key.
cluster payments-prod on eks {
  use aws-roles, prod
  account = "123456789012"
  role decryption = aws "arn:aws:iam::999988887777:role/audit/payments-decryption"
}

cluster office-dev on aks { use azure-identities, dev }
cluster office-stage on aks { use azure-identities, stage }
cluster office-prod-north, office-prod-west on aks { use azure-identities, prod }

# The clinics are a company of their own, with a tenant of their own.
cluster clinic-prod on aks {
  use azure-identities, prod
  tenant = "ccccdddd-2222-eeee-3333-ffff4444aaaa"
  let registry-client-id   = "66667777-aaaa-8888-bbbb-9999cccc0000"
  let decryption-client-id = "77778888-bbbb-9999-cccc-0000dddd1111"
}

cluster data-dev on gke { use google-accounts, dev }
cluster data-stage on gke { use google-accounts, stage }

# The pipelines of production wait for what Flux tells them, on Pub/Sub.
cluster data-prod-eu, data-prod-us on gke {
  use google-accounts, prod
  notification-controller -> events
}
