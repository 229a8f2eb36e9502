# F0318: the target role belongs to EKS Pod Identity

cluster prod on eks {
  flux = "2.9"
  service-account apps/podinfo -> aws "arn:aws:iam::111122223333:role/flux" {
    via = pod-identity, target-role = "arn:aws:iam::444455556666:role/flux", external-id = "prod"
  }
}
