# F0370: Flux builds a file beside the overlay, which has the ServiceAccount too

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
