# F0003, F0012, F0206: a block that nothing closes right before the next cluster

cluster prod-eu on eks {
  tags {
cluster prod-us on eks {
  account = "11112222333"
}
