# F0352: the patch that sets the variable is named, though another one puts its own before it

cluster prod-eu on eks {
  patch "role.yaml"
  patch "other.yaml"
  source-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
