# F0104: a name of one's own without let; it is understood all the same
cluster prod-eu on eks {
  team = "payments"
  source-controller -> aws "arn:aws:iam::111122223333:role/${team}"
}
