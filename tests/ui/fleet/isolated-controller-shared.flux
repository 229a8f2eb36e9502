# F0341: clusters of two teams decrypt with one identity, and do not call it the same; what they pull with they may share.
isolate kustomize-controller by team

source-controller -> aws "arn:aws:iam::111122223333:role/registry"

cluster a on eks {
  let team = "shop"
  kustomize-controller -> aws "arn:aws:iam::111122223333:role/keys"
}

cluster b on eks {
  let team = "pay"
  role keys = aws "arn:aws:iam::111122223333:role/keys"
  kustomize-controller -> keys
}
