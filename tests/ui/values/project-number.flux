# F0209: the id of a project where its number belongs
cluster prod-ew1 on gke {
  project-number = "acme-prod"
}
