# F0342: the variable that sets clusters apart is misspelt in one of them.
isolate keys by team

role keys = aws "arn:aws:iam::111122223333:role/${cluster}"
kustomize-controller -> keys

cluster a on eks {
  let team = "shop"
}

cluster b on eks {
  let taem = "pay"
}
