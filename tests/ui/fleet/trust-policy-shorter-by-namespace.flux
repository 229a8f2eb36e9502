# F0346: five controllers in four clusters, which one pattern for each cluster would cover

flux = "2.9"

role flux = aws "arn:aws:iam::111122223333:role/flux"
source-controller, kustomize-controller, helm-controller -> flux
image-reflector-controller, image-automation-controller  -> flux

cluster a, b, c on eks {
  region = "eu-west-1"
}

cluster d on eks {
  region         = "eu-west-1"
  trust-subjects = namespace
}
