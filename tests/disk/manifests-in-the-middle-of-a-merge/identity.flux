# F0406: marks of a merge

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
