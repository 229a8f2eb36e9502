# F0334: nobody knows who has the gate
cluster prod-eu on eks {
  service-account web/b, service-account web/a -> aws "arn:aws:iam::111122223333:role/podinfo"
}
