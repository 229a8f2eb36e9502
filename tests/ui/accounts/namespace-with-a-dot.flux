# F0330: a namespace has no dot
cluster prod-eu on eks {
  flux = "2.9"
  service-account pay.ments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
