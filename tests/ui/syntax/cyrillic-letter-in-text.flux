# F0011: a letter of another alphabet within an ARN
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-rеgistry"
}
