# F0203: a placeholder that nobody filled in
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::<ACCOUNT>:role/flux"
}
