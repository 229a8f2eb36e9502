# F0007: a comma behind the last role, and a mapping on the next line
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux",
  helm-controller   -> aws "arn:aws:iam::111122223333:role/flux"
}
