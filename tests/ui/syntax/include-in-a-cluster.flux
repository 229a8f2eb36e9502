# F0115: an include within a block
cluster prod-eu on eks {
  include "teams/*.flux"
  account = "111122223333"
}
