# F0120: a pattern through directories that may be linked in a circle

include "**/*.flux"

cluster prod-eu on eks { source-controller -> aws "arn:aws:iam::111122223333:role/flux" }
