# F0102: two profiles define the role, and the cluster uses neither.
profile shop {
  role keys = aws "arn:aws:iam::111122223333:role/shop"
}

profile pay {
  role keys = aws "arn:aws:iam::111122223333:role/pay"
}

cluster a on eks {
  use shop
  kustomize-controller -> keys
}

cluster b on eks {
  use pay
  kustomize-controller -> keys
}

cluster c on eks {
  kustomize-controller -> keys
}
