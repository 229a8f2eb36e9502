# F0401: an overlay that somebody wrote by hand

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
