# F0120: a pattern that cannot be matched

include "teams/[.flux"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
