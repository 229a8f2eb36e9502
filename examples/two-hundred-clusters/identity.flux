# The fleet of Acme: two hundred clusters on three clouds.
#
# What Terraform knows of each cluster is in values.json: its issuer, and on Azure its identities.

values "values.json"

# ---- What holds everywhere ----

require source-controller, kustomize-controller
isolate decryption by environment

use base

profile base {
  source-controller, image-reflector-controller? -> registry
  kustomize-controller                           -> decryption
}

# ---- What a role is in each cloud ----

on eks {
  region = "${home}"
  role registry   = aws "arn:aws:iam::${account}:role/flux/${cluster}-registry"
  role decryption = aws "arn:aws:iam::${account}:role/flux/${cluster}-decryption"
}

on aks {
  role registry   = azure "${registry}" { resource-id = "${identities}/${cluster}-registry" }
  role decryption = azure "${decryption}" { resource-id = "${identities}/${cluster}-decryption" }
}

# Clusters of one Google Cloud project share its service accounts.
on gke {
  role registry   = gcp "flux-registry@${project}.iam.gserviceaccount.com"
  role decryption = gcp "flux-decryption@${project}.iam.gserviceaccount.com"
}

# ---- The three environments ----

profile dev {
  let environment = "dev"
  restart = on-change
}

profile stage {
  let environment = "stage"
  restart = on-change
}

# Production runs what was promoted to it: nothing looks for new images there.
profile prod {
  use base
  let environment = "prod"
  image-reflector-controller -> none
}

# ---- The seven accounts ----

profile shop-dev {
  use dev
  account = "100000000001"
  let home = "eu-central-1"
}

profile shop-stage {
  use stage
  account = "100000000002"
  let home = "eu-central-1"
}

profile shop-prod {
  use prod
  account = "100000000003"
  let home = "eu-central-1"
}

profile pay-stage {
  use stage
  account = "200000000002"
  let home = "eu-west-1"
}

profile pay-prod {
  use prod
  account = "200000000003"
  let home = "eu-west-1"
}

profile core-dev {
  use dev
  account = "300000000001"
  let home = "us-east-1"
}

profile core-prod {
  use prod
  account = "300000000003"
  let home = "us-east-1"
}

# ---- The four tenants ----

profile office { tenant = "a747463c-8632-4a6b-ad9e-14957d44a8c4" }
profile clinic { tenant = "505d03f9-03a6-4527-a748-640c70f66736" }
profile school { tenant = "c313cddd-297c-49f2-ac6c-26f9974a867e" }
profile bank { tenant = "63ea744b-38a4-4756-a468-4ad3b2a18784" }

# ---- The five projects ----

profile data-dev {
  use dev
  project = "acme-data-dev"
}

profile data-stage {
  use stage
  project = "acme-data-stage"
}

profile data-prod {
  use prod
  project = "acme-data-prod"
}

profile ml-dev {
  use dev
  project = "acme-ml-dev"
}

profile ml-prod {
  use prod
  project = "acme-ml-prod"
}

# ---- The clusters ----

cluster shop-dev-1, shop-dev-2, shop-dev-3, shop-dev-4, shop-dev-5 on eks { use shop-dev }
cluster shop-dev-6, shop-dev-7, shop-dev-8, shop-dev-9, shop-dev-10 on eks { use shop-dev }
cluster shop-dev-11, shop-dev-12, shop-dev-13, shop-dev-14, shop-dev-15 on eks { use shop-dev }
cluster shop-dev-16, shop-dev-17, shop-dev-18, shop-dev-19, shop-dev-20 on eks { use shop-dev }

cluster shop-stage-1, shop-stage-2, shop-stage-3, shop-stage-4 on eks { use shop-stage }
cluster shop-stage-5, shop-stage-6, shop-stage-7, shop-stage-8 on eks { use shop-stage }
cluster shop-stage-9, shop-stage-10 on eks { use shop-stage }

cluster shop-prod-1, shop-prod-2, shop-prod-3, shop-prod-4, shop-prod-5 on eks { use shop-prod }
cluster shop-prod-6, shop-prod-7, shop-prod-8, shop-prod-9, shop-prod-10 on eks { use shop-prod }
cluster shop-prod-11, shop-prod-12, shop-prod-13, shop-prod-14 on eks { use shop-prod }
cluster shop-prod-15, shop-prod-16, shop-prod-17, shop-prod-18 on eks { use shop-prod }
cluster shop-prod-19, shop-prod-20, shop-prod-21, shop-prod-22 on eks { use shop-prod }
cluster shop-prod-23, shop-prod-24, shop-prod-25 on eks { use shop-prod }

cluster pay-stage-1, pay-stage-2, pay-stage-3, pay-stage-4, pay-stage-5 on eks { use pay-stage }

cluster pay-prod-1, pay-prod-2, pay-prod-3, pay-prod-4, pay-prod-5 on eks { use pay-prod }
cluster pay-prod-6, pay-prod-7, pay-prod-8, pay-prod-9, pay-prod-10 on eks { use pay-prod }

cluster core-dev-1, core-dev-2, core-dev-3, core-dev-4, core-dev-5 on eks { use core-dev }
cluster core-dev-6, core-dev-7, core-dev-8, core-dev-9, core-dev-10 on eks { use core-dev }

cluster core-prod-1, core-prod-2, core-prod-3, core-prod-4, core-prod-5 on eks { use core-prod }
cluster core-prod-6, core-prod-7, core-prod-8, core-prod-9, core-prod-10 on eks { use core-prod }
cluster core-prod-11, core-prod-12, core-prod-13, core-prod-14 on eks { use core-prod }
cluster core-prod-15 on eks { use core-prod }

cluster office-dev-1, office-dev-2, office-dev-3, office-dev-4 on aks { use office, dev }
cluster office-dev-5 on aks { use office, dev }

cluster office-prod-1, office-prod-2, office-prod-3, office-prod-4 on aks { use office, prod }
cluster office-prod-5, office-prod-6, office-prod-7, office-prod-8 on aks { use office, prod }
cluster office-prod-9, office-prod-10, office-prod-11, office-prod-12 on aks { use office, prod }
cluster office-prod-13, office-prod-14, office-prod-15, office-prod-16 on aks { use office, prod }
cluster office-prod-17, office-prod-18, office-prod-19, office-prod-20 on aks { use office, prod }

cluster clinic-stage-1, clinic-stage-2, clinic-stage-3, clinic-stage-4 on aks { use clinic, stage }
cluster clinic-stage-5 on aks { use clinic, stage }

cluster clinic-prod-1, clinic-prod-2, clinic-prod-3, clinic-prod-4 on aks { use clinic, prod }
cluster clinic-prod-5, clinic-prod-6, clinic-prod-7, clinic-prod-8 on aks { use clinic, prod }
cluster clinic-prod-9, clinic-prod-10 on aks { use clinic, prod }

cluster school-prod-1, school-prod-2, school-prod-3, school-prod-4 on aks { use school, prod }
cluster school-prod-5, school-prod-6, school-prod-7, school-prod-8 on aks { use school, prod }
cluster school-prod-9, school-prod-10 on aks { use school, prod }

cluster bank-prod-1, bank-prod-2, bank-prod-3, bank-prod-4, bank-prod-5 on aks { use bank, prod }

cluster data-dev-1, data-dev-2, data-dev-3, data-dev-4, data-dev-5 on gke { use data-dev }
cluster data-dev-6, data-dev-7, data-dev-8, data-dev-9, data-dev-10 on gke { use data-dev }

cluster data-stage-1, data-stage-2, data-stage-3, data-stage-4 on gke { use data-stage }
cluster data-stage-5 on gke { use data-stage }

cluster data-prod-1, data-prod-2, data-prod-3, data-prod-4, data-prod-5 on gke { use data-prod }
cluster data-prod-6, data-prod-7, data-prod-8, data-prod-9, data-prod-10 on gke { use data-prod }
cluster data-prod-11, data-prod-12, data-prod-13, data-prod-14 on gke { use data-prod }
cluster data-prod-15 on gke { use data-prod }

cluster ml-dev-1, ml-dev-2, ml-dev-3, ml-dev-4, ml-dev-5 on gke { use ml-dev }
cluster ml-dev-6, ml-dev-7, ml-dev-8, ml-dev-9, ml-dev-10 on gke { use ml-dev }

cluster ml-prod-1, ml-prod-2, ml-prod-3, ml-prod-4, ml-prod-5 on gke { use ml-prod }
cluster ml-prod-6, ml-prod-7, ml-prod-8, ml-prod-9, ml-prod-10 on gke { use ml-prod }
