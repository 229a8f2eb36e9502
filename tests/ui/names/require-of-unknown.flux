# F0101: a controller is required that there is not

require source-controler

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
