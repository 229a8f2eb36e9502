# F0205: the default account of a project without the project's number
cluster prod-ew1 on gke {
  source-controller -> gcp "default-compute@developer.gserviceaccount.com"
}
