# F0001: a profile without its name

profile {
  account = "111122223333"
}
