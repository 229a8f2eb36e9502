# F0002: a block on one line with two statements

cluster prod-eu on eks { account = "111122223333" region = "eu-west-1" }
