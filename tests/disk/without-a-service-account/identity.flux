# F0312: a controller without its ServiceAccount

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
