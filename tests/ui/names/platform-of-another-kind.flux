# F0106: a cluster of one's own

cluster a on k3s {
  source-controller -> none
}
