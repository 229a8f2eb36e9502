# F0010: a dollar sign before empty braces
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::${}:role/flux"
}
