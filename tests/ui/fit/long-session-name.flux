# F0307: a session name that AWS would refuse

cluster edge on kubernetes {
  region    = "ap-southeast-1"
  namespace = "flux-system-of-the-edge"
  image-automation-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
