# F0406: a file that was cut off

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
