# F0115: a statement of the root file within a block

cluster prod-eu on eks {
  account = "111122223333"
  require source-controller
}
