# F0102: the role stands at the top of another file

include "teams/*.flux"
