# F0014: a role whose provider was forgotten; the ARN shows it
cluster prod-eu on eks {
  role registry = "arn:aws:iam::111122223333:role/flux-registry"
  source-controller -> registry
}
