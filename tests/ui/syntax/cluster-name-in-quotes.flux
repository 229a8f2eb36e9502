# F0001: the name of a cluster in quotes

cluster "prod-eu" on eks {
  account = "111122223333"
}
