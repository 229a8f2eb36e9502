# F0207: an availability zone where a region belongs
cluster prod-eu on eks {
  region = "eu-west-1a"
}
