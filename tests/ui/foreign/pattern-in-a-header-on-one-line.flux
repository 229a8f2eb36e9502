# F0019, F0019: neither a pattern nor a range names clusters.
cluster shop-* on eks { account = "111122223333" }

cluster pay-[1..8] on eks {
  account = "111122223333"
}
