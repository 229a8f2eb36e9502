# F0410: an overlay that was not built yet

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
