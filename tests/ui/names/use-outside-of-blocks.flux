# F0115: a use that would hold for the whole file

profile base {
  account = "111122223333"
}

use base

cluster prod-eu on eks {
  region = "eu-west-1"
}
