# F0001: a line that cannot be read and has braces of its own
cluster prod-eu on eks {
  role registry aws "arn:aws:iam::111122223333:role/flux" { audience = "x" }
  source-controller -> registry
}
