# F0009, F0009, F0001, F0102: `none` as a value
profile base {
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/flux-kms"
}

cluster a on eks {
  use base
  kustomize-controller = none
}

cluster b on eks {
  use base
  kustomize-controller: "none"
}

cluster c on eks {
  use base
  kustomize-controller -> "none"
}

cluster d on eks {
  use base
  kustomize-controller -> null
}
