# F0352, F0352: kustomizations above overlays take volumes and variables away that the overlays add

cluster prod-eu on kubernetes {
  region = "eu-west-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}

cluster prod-us on kubernetes {
  region = "us-east-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
