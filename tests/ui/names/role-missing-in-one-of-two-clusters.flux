# F0102: one line of a profile, wrong in one of two clusters

profile base {
  source-controller -> registry
}

cluster a on eks { use base }

cluster b on eks {
  use base
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
}
