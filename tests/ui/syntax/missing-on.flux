# F0001: a cluster whose header misses a word

cluster prod-eu eks {
  account = "111122223333"
}
