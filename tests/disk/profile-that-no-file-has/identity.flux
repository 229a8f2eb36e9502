# F0352: the library of AWS fails if no file has the profile

cluster prod-eu on eks {
  patch "profile.yaml" { kind = "Deployment", name = "source-controller" }
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
