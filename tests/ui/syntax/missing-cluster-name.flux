# F0001: a cluster without its name

cluster on eks {
  account = "111122223333"
}
