# F0120: no file has such a name

include "teams/*.flux"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
