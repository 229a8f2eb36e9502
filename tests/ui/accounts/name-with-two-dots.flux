# F0330: nothing stands between the dots
cluster prod-eu on eks {
  flux = "2.9"
  service-account payments/web..v2 -> aws "arn:aws:iam::111122223333:role/podinfo"
}
