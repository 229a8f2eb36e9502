# Built by make: `make` builds, `make check` is for CI.
profile base {
  source-controller    -> registry
  kustomize-controller -> decryption

  role registry   = aws "arn:aws:iam::${account}:role/flux-registry"
  role decryption = aws "arn:aws:iam::${account}:role/${cluster}-flux-kms"
}

cluster stage on eks {
  use base
  account = "111122223333"
}

cluster prod-eu, prod-us on eks {
  use base
  account = "444455556666"
}
