# F0002: a block of another language

resource "aws_iam_role" "flux" {
  name = "flux"
}
