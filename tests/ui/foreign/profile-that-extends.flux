# F0017, F0017, F0017, F0017: headers that name profiles
profile base {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> registry
}

profile a extends base {
  kustomize-controller -> registry
}

profile b : base {
  kustomize-controller -> registry
}

profile c inherits base {
  kustomize-controller -> registry
}

cluster prod-eu on eks extends a {
}

cluster prod-us on eks {
  use a
}
