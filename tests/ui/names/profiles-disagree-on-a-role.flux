# F0114: two profiles with two roles of one name

profile europe {
  role registry = aws "arn:aws:iam::111122223333:role/flux-europe"
}

profile payments {
  role registry = aws "arn:aws:iam::111122223333:role/flux-europe" { audience = "payments" }
}

cluster prod-eu on eks {
  use europe, payments
  source-controller -> registry
}
