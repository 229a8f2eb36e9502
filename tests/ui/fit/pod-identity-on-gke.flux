# F0318: EKS Pod Identity on GKE

cluster prod-eu on gke {
  region = "eu-west-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" { via = pod-identity }
}
