# Each way in which an identity reaches a pod, and each form of what is generated.

require source-controller
allow F0346 "the quota of the account is 4,096"
isolate decryption by cluster

values "values.json"

trust-output = "trust"
trust-form   = json

# ---- Amazon Web Services ----

profile amazon {
  region = "eu-west-1"
  role registry   = aws "arn:aws:iam::${account}:role/flux/registry"
  role decryption = aws "arn:aws:iam::${account}:role/flux/${cluster}" {
    audience = "sts.amazonaws.com",
    token-expiration = "3600"
  }
  source-controller, image-reflector-controller -> registry
  kustomize-controller                          -> decryption
}

cluster eks-annotations on eks { use amazon }

cluster eks-restarts on eks {
  use amazon
  restart = on-change
}

cluster eks-pod-identity on eks {
  use amazon
  eks-name = "pods"
  role registry   = aws "arn:aws:iam::${account}:role/flux/registry" { via = pod-identity }
  role decryption = aws "arn:aws:iam::${account}:role/flux/pods" {
    via = pod-identity,
    target-role = "arn:aws:iam::444455556666:role/flux/pods",
    external-id = "pods"
  }
}

cluster eks-component on eks {
  use amazon
  emit = component
  allow F0328 "what includes it is in another repository"
}

cluster eks-additions on eks {
  use amazon
  namespace = "flux"
  resource "infra/extras"
  component "infra/priorities"
  patch "patches/memory.yaml"
  patch "patches/replicas.yaml" { kind = "Deployment", name = "(kustomize|helm)-controller" }
}

cluster eks-nothing-installed on eks {
  use amazon
  install = none
  resource "infra/flux"
  trust source-controller -> aws "arn:aws:iam::111122223333:role/flux/registry-next"
}

# ---- Azure ----

profile azure {
  role registry = azure "${registry-client-id}" { resource-id = "${registry-id}" }
  source-controller, kustomize-controller -> registry
}

cluster aks-labels on aks {
  use azure
  restart = on-change
}

cluster aks-government on aks {
  use azure
  azure-cloud = usgov
}

# ---- Google Cloud ----

profile google {
  role registry = gcp "flux-registry@${project}.iam.gserviceaccount.com"
  source-controller, image-reflector-controller -> registry
}

cluster gke-annotations on gke { use google }

cluster gke-direct on gke {
  source-controller, kustomize-controller -> gcp direct
}

# ---- Across clouds, and tenants ----

cluster elsewhere on kubernetes {
  use amazon
  tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee"
  notification-controller -> gcp "flux-events@acme-prod.iam.gserviceaccount.com"
  helm-controller         -> registry, gcp direct
}

cluster tenants on eks {
  use amazon
  flux = "2.9"
  service-account payments/podinfo -> aws "arn:aws:iam::${account}:role/payments"
  service-account reports/nightly  -> registry
}

cluster google-tenants on gke {
  use google
  flux = "2.9"
  service-account payments/podinfo -> gcp "payments@${project}.iam.gserviceaccount.com"
}
