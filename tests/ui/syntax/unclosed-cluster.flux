# F0003: a block that is open where the next cluster begins

cluster prod-eu on eks {
  account = "111122223333"

cluster prod-us on eks {
  account = "444455556666"
}
