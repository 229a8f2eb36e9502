# F0015: a source in Latin-1

# über alles
cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
