# F0352: the library of AWS uses a file of credentials before EKS Pod Identity

cluster prod-eu on eks {
  patch "keys.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}
