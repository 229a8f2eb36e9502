# F0352: an annotation of the pods tells the webhook to leave the manager alone

cluster prod-eu on eks {
  patch "skip.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
