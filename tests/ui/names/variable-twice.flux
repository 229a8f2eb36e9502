# F0110: a variable that stands twice in one block
cluster prod-eu on eks {
  let team = "payments"
  let team = "platform"
}
