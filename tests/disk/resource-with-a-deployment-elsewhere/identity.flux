# F0313: a resource adds a Deployment that the patch would hit too

cluster prod-eu on gke {
  region = "eu-west-1"
  resource "./second"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
