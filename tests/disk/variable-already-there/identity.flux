# F0320, F0320, F0320: somebody wrote into the manifests what the overlay would add

cluster prod-eu on gke {
  region = "eu-central-1"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
