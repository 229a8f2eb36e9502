# F0314: another version of Flux is installed

flux = "2.7"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
