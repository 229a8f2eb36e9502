# F0214: an output on a drive of Windows
cluster prod-eu on eks {
  output = "C:/clusters/prod-eu"
}
