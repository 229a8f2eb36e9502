# F0341: two teams decrypt with one key

isolate decryption by team

profile keys {
  role decryption = aws "arn:aws:iam::111122223333:role/flux-kms"
  kustomize-controller -> decryption
}

cluster shop-eu, shop-us on eks {
  use keys
  let team = "shop"
}

cluster payments on eks {
  use keys
  let team = "payments"
}
