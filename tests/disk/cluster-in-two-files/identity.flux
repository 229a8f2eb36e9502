# F0110: two files declare one cluster

include "teams/*.flux"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
