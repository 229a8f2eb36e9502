# F0001: no blank behind a keyword

cluster[ prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
