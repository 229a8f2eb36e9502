# F0013, F0103, F0001, F0206, F0102, F0009, F0110, F0003: eight independent mistakes, each said once, in their order

profil base {
  source-controller, image-reflector-controller -> registry
  kustomize-controller                          -> decryption
}

profile eks-standard {
  use bases
  role registry   = aws "arn:aws:iam::${account}:role/flux-registry"
  role decryption   aws "arn:aws:iam::${account}:role/flux-kms"
}

cluster prod-eu on eks {
  use base, eks-standard
  account = "11112222333"
}

cluster staging on eks {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> regsitry
  kustomize-controller => registry
}

cluster prod-eu on aks {
  tenant = webhook
}

cluster data-europe-west1 on gke {
  source-controller -> gcp "flux-gar@acme-data.iam.gserviceaccount.com"
