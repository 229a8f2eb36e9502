# F0110: a controller that stands twice before one arrow
cluster prod-eu on eks {
  source-controller, source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
