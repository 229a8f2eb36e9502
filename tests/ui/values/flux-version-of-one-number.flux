# F0213: a version without its second number
cluster prod-eu on eks {
  flux = "2"
}
