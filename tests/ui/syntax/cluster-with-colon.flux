# F0001: a header as other languages have it

cluster prod-eu on eks:  # production
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
