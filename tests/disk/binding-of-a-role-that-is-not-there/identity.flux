# F0434: a patch changes the role of a binding

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-ecr"
  patch "role.yaml" { kind = "ClusterRoleBinding", name = "crd-controller-flux-system" }
}
