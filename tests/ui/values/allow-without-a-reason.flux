# F0201: a warning is allowed for no reason

cluster prod-eu on eks {
  allow F0309 " "
  notification-controller -> aws "arn:aws:iam::111122223333:role/flux"
}
