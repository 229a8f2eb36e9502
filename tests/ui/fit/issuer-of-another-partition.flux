# F0356: an issuer of China, and a role of the partition aws
cluster prod-cn on eks {
  issuer = "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/3D4E5F60718293A4B5C6D7E8F90A1B2C"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
