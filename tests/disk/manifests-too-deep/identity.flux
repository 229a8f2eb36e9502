# F0406: more within each other than can be read safely

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
