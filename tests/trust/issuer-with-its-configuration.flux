# F0211: it becomes where an issuer tells its configuration

cluster plant on kubernetes {
  issuer = "https://oidc.example.com/${cluster}/.well-known/openid-configuration"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
  region = "eu-west-1"
}
