# F0201: the value of a variable without quotes
cluster prod-eu on eks {
  let team = payments
}
