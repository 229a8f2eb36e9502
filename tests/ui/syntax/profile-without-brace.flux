# F0001: a profile whose brace was forgotten

profile base
  source-controller -> registry
}

cluster prod-eu on eks {
  use base
  role registry = aws "arn:aws:iam::111122223333:role/flux"
}
