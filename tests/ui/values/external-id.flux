# F0202: STS accepts no blank in an external id

cluster prod on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux" {
    via = pod-identity, target-role = "arn:aws:iam::444455556666:role/flux", external-id = "prod eu"
  }
}
