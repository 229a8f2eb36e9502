# F0346: by their own issuers even four are too many

region = "eu-west-1"
source-controller, kustomize-controller, helm-controller -> aws "arn:aws:iam::111122223333:role/flux/pull"

cluster a, b, c, d on kubernetes {
  issuer = "https://oidc.of-the-clusters.example.com/with/a/path/that/says/where/it/is/${cluster}"
}
