# F0013: a misspelt keyword before a block on one line

clutser prod-eu on eks { account = "111122223333" }
