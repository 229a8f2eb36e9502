# F0901: a source of several files

include "teams/*.flux"
