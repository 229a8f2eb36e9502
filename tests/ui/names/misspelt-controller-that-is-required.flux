# F0101: the required controller is mapped, misspelt

require source-controller

cluster prod-eu on eks { source-contoller -> aws "arn:aws:iam::111122223333:role/flux" }
