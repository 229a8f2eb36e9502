# F0012: a cluster on one line in an `on` block.
on eks {
  cluster a on eks { account = "111122223333" }
}
