# F0384: without `allow-egress`, a policy of a resource blocks everything outside of the cluster

cluster prod-eu on eks {
  resource "clusters/prod-eu/policies"
  patch "delete.yaml" { kind = "NetworkPolicy", name = "allow-egress" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-sops"
}
