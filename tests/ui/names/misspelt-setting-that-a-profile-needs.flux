# F0104: the setting that the profile asks for is there, misspelt

profile base { source-controller -> aws "arn:aws:iam::${account}:role/flux" }

cluster prod-eu on eks {
  use base
  acount = "111122223333"
}
