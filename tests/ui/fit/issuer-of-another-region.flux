# F0356: an issuer that was copied from a cluster of another region
cluster prod-eu on eks {
  region = "eu-west-1"
  issuer = "https://oidc.eks.us-east-1.amazonaws.com/id/3D4E5F60718293A4B5C6D7E8F90A1B2C"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
