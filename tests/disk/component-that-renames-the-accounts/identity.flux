# F0352: a component gives the ServiceAccounts other names, which no cloud trusts

cluster prod-eu on eks {
  component "infra/region"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
