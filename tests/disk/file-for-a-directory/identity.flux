# F0316, F0405: a file where the directory of the overlay belongs

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
