# F0005: text that is not closed, in a block that is

cluster prod-eu on eks { account = "111122223333 }
