# F0313: an account of that name in another namespace, which the patch would hit too

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
