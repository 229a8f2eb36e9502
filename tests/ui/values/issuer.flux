# F0211: an issuer without https
cluster prod-eu on eks {
  issuer = "oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF"
}
