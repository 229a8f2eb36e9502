# F0330: a namespace of 64 characters
cluster prod-eu on eks {
  flux = "2.9"
  service-account nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}
