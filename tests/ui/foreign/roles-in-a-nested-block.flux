# F0012, F0012: what a nested block defines is not missing
cluster prod-eu on eks {
  roles {
    registry = aws "arn:aws:iam::111122223333:role/flux-registry"
  }
  source-controller -> registry
}

cluster prod-us on eks {
  source-controller {
    role = "arn:aws:iam::111122223333:role/flux-registry"
  }
}

require source-controller
