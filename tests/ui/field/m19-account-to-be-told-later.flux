# F0203: an account that is to be told later

cluster prod on eks { kustomize-controller -> aws "arn:aws:iam::TODO:role/flux-kms" }
