# F0003: a block on one line that is not closed

profile base { account = "111122223333"

cluster prod-eu on eks { use base }
