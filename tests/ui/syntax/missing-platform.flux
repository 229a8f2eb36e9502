# F0001, F0104: a cluster without its platform; what it says is still looked at

cluster prod-eu {
  accont = "111122223333"
}
