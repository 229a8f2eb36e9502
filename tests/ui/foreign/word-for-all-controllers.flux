# F0019, F0001: words for all, and a ServiceAccount without its word
require kustomize-controller

cluster a on eks {
  all -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster b on eks {
  flux = "2.9"
  payments/reader -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> none
}
