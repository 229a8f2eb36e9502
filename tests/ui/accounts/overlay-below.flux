# F0337, F0337: Flux would not look into the directories of overlays
cluster prod-eu on eks {
  flux = "2.9"
  service-accounts = "clusters"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/podinfo"
}

cluster prod-us on eks {
  output = "CLUSTERS/x/y"
  flux = "2.9"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
