# F0010: an escape that does not exist
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/$${cluster}"
}
