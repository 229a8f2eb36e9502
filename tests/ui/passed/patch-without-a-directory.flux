# F0322: a source from standard input has no files beside it
cluster prod-eu on eks { patch "memory.yaml" }
