# F0013, F0013, F0013: blocks of HCL
variable "account" {
  type = string
}

locals {
  account = "111122223333"
}

module "fleet" {
  source = "../fleet"
}
