# F0003: an `on` block of a profile that takes the brace of the profile
profile base {
  on eks {
    role registry = aws "arn:aws:iam::111122223333:role/flux"
}

cluster prod-eu on eks {
  use base
  source-controller -> registry
}
