# F0010: a name in braces with blanks
cluster prod-eu on eks {
  account = "111122223333"
  source-controller -> aws "arn:aws:iam::${ account }:role/flux"
}
