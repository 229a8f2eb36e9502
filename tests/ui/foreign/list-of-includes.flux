# F0002, F0002: each path has its own statement
include "profiles.flux", "teams.flux"

cluster prod-eu on eks {
  resource "a.yaml", "b.yaml"
  source-controller -> none
}
