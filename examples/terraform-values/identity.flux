# Forty clusters whose identities Terraform makes: see docs/values.md for the round trip.

values "values.json"

trust-output = "terraform/trust"
trust-form   = terraform-policies

use base

profile base {
  source-controller, image-reflector-controller? -> registry
  kustomize-controller                           -> decryption
}

on eks {
  role registry   = aws "arn:aws:iam::${account}:role/flux/${cluster}-registry"
  role decryption = aws "arn:aws:iam::${account}:role/flux/${cluster}-decryption"
}

on aks {
  role registry   = azure "${registry-client-id}" { resource-id = "${registry-resource-id}" }
  role decryption = azure "${decryption-client-id}" { resource-id = "${decryption-resource-id}" }
}

cluster shop-dev-1, shop-dev-2, shop-dev-3, shop-dev-4, shop-dev-5 on eks {}
cluster shop-dev-6, shop-dev-7, shop-dev-8, shop-dev-9, shop-dev-10 on eks {}
cluster shop-prod-1, shop-prod-2, shop-prod-3, shop-prod-4, shop-prod-5 on eks {}
cluster shop-prod-6, shop-prod-7, shop-prod-8, shop-prod-9, shop-prod-10 on eks {}

cluster office-dev-1, office-dev-2, office-dev-3, office-dev-4, office-dev-5 on aks {}
cluster office-dev-6, office-dev-7, office-dev-8, office-dev-9, office-dev-10 on aks {}
cluster office-prod-1, office-prod-2, office-prod-3, office-prod-4, office-prod-5 on aks {}
cluster office-prod-6, office-prod-7, office-prod-8, office-prod-9, office-prod-10 on aks {}
