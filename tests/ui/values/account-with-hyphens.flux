# F0206: an account as the console shows it
cluster prod-eu on eks {
  account = "1111-2222-3333"
}
