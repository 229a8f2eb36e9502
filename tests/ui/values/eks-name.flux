# F0202: no name of a cluster in EKS has a dot

cluster prod on eks {
  eks-name = "prod.example.com"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}
