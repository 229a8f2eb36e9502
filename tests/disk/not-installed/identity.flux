# F0311: a controller that the overlay does not install

cluster prod-eu on eks { image-reflector-controller -> aws "arn:aws:iam::111122223333:role/flux" }
