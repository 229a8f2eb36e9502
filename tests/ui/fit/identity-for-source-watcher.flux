# F0308: an identity for a controller that talks to no cloud

cluster prod-eu on eks { source-controller, source-watcher -> aws "arn:aws:iam::111122223333:role/flux" }
