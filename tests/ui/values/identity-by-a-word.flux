# F0201, F0201, F0201, F0201: words where text names the identity

cluster a on eks {
  source-controller    -> aws direct
  kustomize-controller -> aws arn:aws:iam::111122223333:role/flux-kms
}
cluster b on aks { source-controller -> azure none }
cluster c on gke { source-controller -> gcp "direct" }
