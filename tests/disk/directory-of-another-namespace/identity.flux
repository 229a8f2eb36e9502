# F0396: Flux is in a directory that is not called as its namespace

namespace = "gitops"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
