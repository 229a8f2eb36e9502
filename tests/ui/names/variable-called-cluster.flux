# F0111: a variable with the name of something that is known already
cluster prod-eu on eks {
  let cluster = "prod"
}
