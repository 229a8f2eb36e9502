# F0376: Flux applies the overlay from a tag

cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
