# F0017, F0017, F0017, F0017: functions and operators
cluster prod-eu on eks {
  let env = "prod"
  account = lookup(local.accounts, "prod")
  region = env ? "eu-west-1" : "us-east-1"
  role decryption = aws format("arn:aws:iam::%s:role/kms", "111122223333")
  source-controller -> aws "arn:aws:iam::${upper(account)}:role/flux-registry"
  kustomize-controller -> decryption
}
