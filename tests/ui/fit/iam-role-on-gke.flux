# F0317: an IAM role on GKE, and no region of the endpoint
cluster prod-ew1 on gke {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
