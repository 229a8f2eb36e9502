# F0901: an IAM role on GKE
cluster prod-ew1 on gke {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
