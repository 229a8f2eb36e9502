# F0214: an output in the directory of Git
cluster prod-eu on eks {
  output = ".git/overlays"
}
