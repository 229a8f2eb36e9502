# F0324, F0324, F0324, F0324, F0324: targets that kustomize would refuse, or that are everything

cluster prod-eu on eks {
  patch "merge.yaml" {}
  patch "merge.yaml" { name = "", kind = "" }
  patch "merge.yaml" { name = "*-controller" }
  patch "merge.yaml" { labelSelector = "app in flux" }
  patch "operations.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
