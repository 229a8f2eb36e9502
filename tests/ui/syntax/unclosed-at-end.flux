# F0003: a block that is open where the file ends

cluster prod-eu on eks {
  account = "111122223333"
