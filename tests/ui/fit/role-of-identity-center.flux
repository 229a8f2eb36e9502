# F0359: the role of a person who is logged in by SSO
cluster prod-eu on eks {
  source-controller -> aws "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef"
}
