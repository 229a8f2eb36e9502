# F0413: an edited overlay of a cluster that is no more

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
