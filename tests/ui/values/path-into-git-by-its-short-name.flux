# F0214: the short name of the directory of Git

cluster prod-eu on eks { output = "git~1/hooks" }
