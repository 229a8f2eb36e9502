# F0110: a setting that stands twice at the outermost level

account = "111122223333"
account = "444455556666"

cluster prod-eu on eks {
  region = "eu-west-1"
}
