# F0105: text that wants a variable of a profile that the cluster does not use

profile payments {
  let team = "payments"
}

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/${team}"
}
