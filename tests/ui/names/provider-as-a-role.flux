# F0102, F0102: the name of a provider alone

cluster a on gke {
  source-controller    -> gcp
  kustomize-controller -> direct
}
