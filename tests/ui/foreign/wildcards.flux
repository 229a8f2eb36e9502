# F0019, F0019, F0019, F0019, F0019: patterns instead of names
require all

cluster a on eks {
  *-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster b on eks {
  source-controller, image-* -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster c on eks {
  flux = "2.9"
  service-account payments/* -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster d-* on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
