# F0010: a name behind a dollar sign in parentheses
cluster prod-eu on eks {
  account = "111122223333"
  source-controller -> aws "arn:aws:iam::$(account):role/flux"
}
