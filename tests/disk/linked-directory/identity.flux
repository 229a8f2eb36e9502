# F0316, F0404: a symbolic link on the way to an overlay

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
