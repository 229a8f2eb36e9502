# F0120: a pattern that leads out of the directory

include "../*.flux"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
