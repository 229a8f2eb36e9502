# F0001: clusters without a comma between them

cluster prod-eu prod-us on eks {
  account = "111122223333"
}
