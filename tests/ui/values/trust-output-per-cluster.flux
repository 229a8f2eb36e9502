# F0214: the directory of trust is one for the whole fleet
trust-output = "trust/${cluster}"

cluster prod-eu on eks {
  issuer = "https://oidc.example.com/prod-eu"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux-registry"
}
