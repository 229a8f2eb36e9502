# F0017: the required controller is mapped, in brackets

require source-controller

cluster prod-eu on eks { [source-controller] -> aws "arn:aws:iam::111122223333:role/flux" }
