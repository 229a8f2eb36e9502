# F0105, F0105: text that wants two things that nothing says
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::${account}:role/${team}"
}
