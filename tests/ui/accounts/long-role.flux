# F0333: a path of a role that Flux does not take
cluster prod-eu on eks {
  flux = "2.9"
  service-account payments/podinfo -> aws "arn:aws:iam::111122223333:role/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/path/podinfo"
}
