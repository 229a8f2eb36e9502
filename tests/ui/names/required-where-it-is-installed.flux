# F0115: a `?` in a `require`
require image-reflector-controller?

cluster prod-eu on eks { image-reflector-controller? -> aws "arn:aws:iam::111122223333:role/flux" }
