# F0402: an overlay that was edited

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
