# F0301: the ARN of a role on GKE
cluster prod-ew1 on gke {
  source-controller -> gcp "arn:aws:iam::111122223333:role/flux"
}
