# F0411: an overlay that the source has left behind

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
