# F0105: text that wants a setting whose value is a word
cluster prod-eu on eks {
  restart = by-hand
  source-controller -> aws "arn:aws:iam::111122223333:role/${restart}"
}
