# F0380: the GitRepository checks out other directories alone

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
