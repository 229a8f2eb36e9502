# F0011: a dash of a text processor within a region
cluster prod-eu on eks {
  region = "eu—west-1"
}
