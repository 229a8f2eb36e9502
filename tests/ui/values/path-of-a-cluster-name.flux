# F0214: a cluster whose name Windows cannot have as a directory

cluster con on eks {
  account = "111122223333"
}
