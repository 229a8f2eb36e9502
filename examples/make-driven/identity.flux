# Built by make: `make` builds, `make check` is for CI.
profile base {
  source-controller    -> registry
  kustomize-controller -> decryption

  role registry   = aws "arn:aws:iam::${account}:role/flux-registry"
  role decryption = aws "arn:aws:iam::${account}:role/${cluster}-flux-kms"
}

profile prod {
  use base
  account = "444455556666"
}

cluster stage on eks {
  use base
  account = "111122223333"
  issuer  = "https://oidc.eks.eu-central-1.amazonaws.com/id/1B2C3D4E5F60718293A4B5C6D7E8F90A"
}

cluster prod-eu on eks {
  use prod
  issuer = "https://oidc.eks.eu-central-1.amazonaws.com/id/2C3D4E5F60718293A4B5C6D7E8F90A1B"
}

cluster prod-us on eks {
  use prod
  issuer = "https://oidc.eks.us-east-1.amazonaws.com/id/3D4E5F60718293A4B5C6D7E8F90A1B2C"
}
