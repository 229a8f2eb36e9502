# F0385: a Secret is mounted where Kubernetes mounts the token of the ServiceAccount

cluster prod-eu on eks {
  patch "secret.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
