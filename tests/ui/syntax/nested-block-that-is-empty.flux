# F0012, F0206: a block with nothing in it, and a setting behind it
cluster prod-eu on eks {
  tags {
  }
  account = "11112222333"
}
