# F0350: two clusters of one issuer; the third has its own

cluster a on eks {
  issuer = "https://oidc.example.com/a"
  source-controller -> aws "arn:aws:iam::111122223333:role/registry"
}

cluster b on eks {
  issuer = "https://oidc.example.com/a"
  source-controller -> aws "arn:aws:iam::111122223333:role/registry"
}

cluster c on eks {
  issuer = "https://oidc.example.com/c"
  source-controller -> aws "arn:aws:iam::111122223333:role/registry"
}
