# F0114: two profiles with two values of a variable

profile europe {
  let team = "europe"
}

profile payments {
  let team = "payments"
}

cluster prod-eu on eks {
  use europe, payments
  source-controller -> aws "arn:aws:iam::111122223333:role/${team}"
}
