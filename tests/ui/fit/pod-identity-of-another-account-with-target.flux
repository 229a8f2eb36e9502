# F0318: the target role may be of any account, the role itself may not

cluster prod-eu on eks {
  account = "111122223333"
  source-controller -> aws "arn:aws:iam::444455556666:role/flux" {
    via = pod-identity, target-role = "arn:aws:iam::444455556666:role/flux-registry"
  }
}
