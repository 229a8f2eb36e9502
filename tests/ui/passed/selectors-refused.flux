# F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324, F0324: selectors that kustomize does not parse
profile base {
  patch "a.yaml" { labelSelector = "app in flux" }
  patch "a.yaml" { labelSelector = "app in (flux" }
  patch "a.yaml" { labelSelector = "app=flux," }
  patch "a.yaml" { labelSelector = "app=flux=b" }
  patch "a.yaml" { labelSelector = "App.k8s.io/part-of=flux" }
  patch "a.yaml" { labelSelector = "-app" }
  patch "a.yaml" { annotationSelector = "owner=team-a/b" }
  patch "a.yaml" { labelSelector = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" }
  patch "a.yaml" { labelSelector = "replicas>-1" }
}

cluster prod-eu on eks {}
