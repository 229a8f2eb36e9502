# F0105: text that wants a variable by a misspelt name
cluster prod-eu on eks {
  let team = "payments"
  source-controller -> aws "arn:aws:iam::111122223333:role/${taem}"
}
