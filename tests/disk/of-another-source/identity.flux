# F0401: an overlay of another source

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
