# F0002: a semicolon behind a statement
cluster prod-eu on eks {
  account = "111122223333";
}
