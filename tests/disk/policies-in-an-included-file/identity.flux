# F0115, F0115: `require` and `isolate` belong in the root file

include "teams/*.flux"

cluster root on eks { source-controller -> none }
