# F0326, F0326, F0326: patches that set what the identity sets, and one that removes it

cluster prod-eu on eks {
  patch "merge.yaml"
  patch "operations.yaml" { name = ".*-controller", labelSelector = "app.kubernetes.io/part-of=flux" }
  patch "delete.yaml" { kind = "ServiceAccount", name = "(kustomize|helm)-controller" }
  source-controller, kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
