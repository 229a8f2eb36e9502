# F0104, F0004: a block that is closed too early

cluster prod-eu on eks {
  account = "111122223333"
}
  accont = "444455556666"
}
