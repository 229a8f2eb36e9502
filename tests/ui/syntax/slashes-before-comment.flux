# F0017: a comment as other languages begin it
cluster prod-eu on eks {
  account = "111122223333" // production
}
