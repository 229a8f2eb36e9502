# F0011: a comment that shows in another order than it is read
cluster prod-eu on eks {
  account = "111122223333" # not ‮"444455556666"
}
