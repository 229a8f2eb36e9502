# F0001: a name that ends with a hyphen

cluster prod- on eks {
  account = "111122223333"
}
