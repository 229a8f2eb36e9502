# F0205: the address of a person
cluster prod-ew1 on gke {
  source-controller -> gcp "jane@acme.com"
}
