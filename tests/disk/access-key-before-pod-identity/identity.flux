# F0352: the library of AWS uses an access key of the container before EKS Pod Identity

cluster prod-eu on eks {
  patch "key.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}
