# F0407: a directory where a file is read

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
