# F0304: two clusters that write one overlay

output = "clusters/prod"

cluster prod-eu, prod-us on eks {
  account = "111122223333"
}
