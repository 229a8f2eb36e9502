# F0103: a profile that got a longer name
profile eks-standard {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster prod-eu on eks {
  use eks
}
