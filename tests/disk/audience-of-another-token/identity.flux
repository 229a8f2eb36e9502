# F0352: a patch asks for a token of an audience that the source does not have

cluster prod-eu on eks {
  patch "audience.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
