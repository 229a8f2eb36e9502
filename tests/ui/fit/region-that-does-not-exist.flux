# F0358, F0358: regions that AWS does not have
cluster prod-eu on eks {
  region = "eu-west-4"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}

cluster prod-us on eks {
  issuer = "https://oidc.eks.us-eest-1.amazonaws.com/id/3D4E5F60718293A4B5C6D7E8F90A1B2C"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
