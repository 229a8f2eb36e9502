# F0115: an included file includes another

include "teams/*.flux"
