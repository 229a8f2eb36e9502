# F0309: the warning of a cluster that the included file does not declare

include "teams/*.flux"

cluster root on eks { use mine }
