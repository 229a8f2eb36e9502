# F0211, F0211, F0211, F0211: URLs that are no issuers
cluster endpoint on eks {
  issuer = "https://3D4E5F60718293A4B5C6D7E8F90A1B2C.gr7.eu-west-1.eks.amazonaws.com"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster internal on kubernetes {
  region = "eu-west-1"
  issuer = "https://kubernetes.default.svc"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster slash on eks {
  issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/3D4E5F60718293A4B5C6D7E8F90A1B2C/"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster short on eks {
  issuer = "https://oidc.eks.eu-west-1.amazonaws.com/id/3D4E5F6071829"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
