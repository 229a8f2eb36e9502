# F0001: an `on` block without a platform
on {
  role registry = aws "arn:aws:iam::111122223333:role/flux"
}

cluster prod-eu on eks { source-controller -> registry }
