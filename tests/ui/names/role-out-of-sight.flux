# F0102: a role of a profile that the cluster does not use

profile eks-standard {
  role registry = aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster prod-eu on eks {
  source-controller -> registry
}
