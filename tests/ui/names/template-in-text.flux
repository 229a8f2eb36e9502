# F0105: text that wants the template of the output
cluster prod-eu on eks {
  output = "clusters/${cluster}"
  source-controller -> aws "arn:aws:iam::111122223333:role/${output}"
}
