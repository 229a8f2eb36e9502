# F0002: statements that end with a semicolon
cluster prod-eu on eks {
  account = "111122223333";
}
