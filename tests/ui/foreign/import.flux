# F0013, F0013, F0013: an import of another file
import "teams.flux"
source "teams.flux"
import (
  "teams.flux"
)
