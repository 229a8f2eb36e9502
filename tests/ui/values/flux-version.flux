# F0213: a version of another generation
cluster prod-eu on eks {
  flux = "1.25"
}
