# F0105: text that wants a variable that nothing defines
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/${team}"
}
