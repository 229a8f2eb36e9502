# F0208: the name of a project where its id belongs
cluster prod-ew1 on gke {
  project = "Acme Production"
}
