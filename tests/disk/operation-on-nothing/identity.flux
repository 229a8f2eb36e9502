# F0370: an operation of a patch has a path that does not exist

cluster prod-eu on eks {
  patch "limits.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
