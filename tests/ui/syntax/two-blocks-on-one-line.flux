# F0002: a block begins on the line on which another ends

profile base { account = "111122223333" } cluster prod-eu on eks { use base }
