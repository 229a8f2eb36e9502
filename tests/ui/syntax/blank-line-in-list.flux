# F0007: an empty line ends a list
cluster prod-eu on eks {
  source-controller,

  helm-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
