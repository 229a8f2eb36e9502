# F0391: an external id is that of one association

cluster prod on eks {
  source-controller, helm-controller -> aws "arn:aws:iam::111122223333:role/flux" {
    via = pod-identity, target-role = "arn:aws:iam::444455556666:role/flux-registry",
    external-id = "eu-west-1/111122223333/prod/flux-system/source-controller"
  }
}
