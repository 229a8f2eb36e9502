# F0203: the ARN of a policy
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:policy/flux-registry"
}
