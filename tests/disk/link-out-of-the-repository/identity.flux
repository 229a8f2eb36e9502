# F0408: manifests behind a link that leads out of the repository

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
